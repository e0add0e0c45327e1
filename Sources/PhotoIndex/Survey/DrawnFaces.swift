internal import FileLedger
package import AlbumCatalogue
package import FaceCore
package import SystemPackage

/// A photo whose faces in the catalogue must change.
private struct Job: Sendable {
    let photo: ContentHash
    /// Where its bytes may be; absolute.
    let paths: [FilePath]
    let kept: [RecordedFace]
    /// Where faces are missing.
    let lacking: [FaceBox]
}

// Faces that a person saw and no search found: drawn by hand, or found once by another search.
//
// They are encoded where they were seen, so that they help to recognise others like any face. A
// drawn face is removed when nothing is said about it any more.
extension Survey {
    /// Brings the faces of known photos up to date with what was said about places.
    /// A photo that cannot be reached now stays unchanged. `paths` says where the bytes of a photo
    /// may be now; absolute.
    ///
    /// - Returns: all photos that the catalogue knows, as they were read for this; `nil` when some
    ///   were changed.
    package func updateDrawnFaces(
        paths: (ContentHash) throws -> [FilePath]
    ) async throws -> [PhotoRecord]? {
        let catalogue = catalogue
        let photos = try catalogue.photos()
        let jobs = try self.jobs(workspace.book.places, in: photos, paths: paths)
        var isChanged = false
        try await pool.run(jobs) { [disk = run.disk] worker, job in
            Self.added(job, on: worker, disk: disk)
        } mayContinue: {
            run.mayContinue()
        } consume: { job, added in
            guard job.lacking.isEmpty || !added.isEmpty else { return }
            isChanged = true
            let all = (job.kept + added).sorted { $0.face.box < $1.face.box }
            try catalogue.replaceFaces(
                of: job.photo,
                with: all.enumerated().map { number, recorded in
                    recorded.with(id: FaceID(photo: job.photo, number: number))
                })
        }
        return isChanged ? nil : photos
    }

    private func jobs(
        _ places: [DecidedPlace], in photos: [PhotoRecord],
        paths: (ContentHash) throws -> [FilePath]
    ) throws -> [Job] {
        let seen = Dictionary(grouping: places.filter(\.isFace), by: \.key.photo)
        return try photos.compactMap { photo -> Job? in
            let boxes = (seen[photo.hash] ?? []).map(\.key.box)
            let faces = photo.recordedFaces
            guard photo.condition == .analysed,
                !boxes.isEmpty || faces.contains(where: \.isDrawn)
            else { return nil }
            let pairs = sameFaces(boxes, faces.map(\.face.box))
            let found = Set(pairs.map(\.0))
            let meant = Set(pairs.map(\.1))
            let lacking = boxes.indices.filter { !found.contains($0) }.map { boxes[$0] }
            let kept = faces.indices.filter { meant.contains($0) || !faces[$0].isDrawn }
                .map { faces[$0] }
            guard !lacking.isEmpty || kept.count < faces.count else { return nil }
            return Job(
                photo: photo.hash, paths: lacking.isEmpty ? [] : try paths(photo.hash),
                kept: kept, lacking: lacking)
        }
    }

    private static func added(
        _ job: Job, on worker: isolated Worker, disk: Disk
    ) -> [RecordedFace] {
        guard !job.lacking.isEmpty else { return [] }
        let faces = disk.photo(job.photo, atOneOf: job.paths) {
            try worker.faceAnalyser().faces(of: $0, onlyIn: job.lacking)
        }
        return (faces ?? []).map { RecordedFace($0, id: FaceID(photo: job.photo, number: 0)) }
    }
}

extension DecidedPlace {
    /// Whether there is a face at all, if the person who spoke of it is right.
    var isFace: Bool { verdict.standing != .ignored }
}

extension RecordedFace {
    fileprivate var isDrawn: Bool { detector == .hand }

    fileprivate func with(id: FaceID) -> RecordedFace {
        RecordedFace(
            face: Face(
                id: id, box: face.box, confidence: face.confidence, encodings: face.encodings),
            detector: detector, heightInPixels: heightInPixels, sharpness: sharpness)
    }
}
