internal import FileLedger
internal import AlbumCatalogue
package import FaceAnalysis
package import FaceCore
internal import PhotoImaging
internal import Synchronization
internal import SystemPackage

/// Reads one file on a worker: the bytes once, hash and picture from the same bytes, then the
/// faces.
final class PhotoReader: Sendable {
    /// Analyses of other versions are redone.
    static let version = FaceAnalyser.version

    enum Outcome: Sendable {
        /// A photo that the catalogue did not know.
        case analysed(PhotoRecord, PictureAnalysis, PhotoFile)
        /// A photo whose faces the catalogue knew, but not its picture's features.
        case measured(PictureAnalysis, PhotoFile)
        /// Its photo is known, or is another candidate of this run.
        case known(PhotoFile)
        case notAPhoto(SkippedFile)
        /// The disk could not read it; nothing is known of it.
        case failed(UnreadFile)
    }

    private let disk: Disk
    /// The photos whose faces are known.
    private let searched: Set<ContentHash>
    /// Where a person saw a face.
    private let drawn: [ContentHash: [FaceBox]]
    /// The photos that are known or that some worker has taken on.
    private let taken: Mutex<Set<ContentHash>>

    /// - Parameters:
    ///   - known: the photos with nothing left to learn.
    ///   - searched: those whose faces are known.
    ///   - drawn: where a person saw a face, which is one whether a search finds it or not.
    init(
        known: Set<ContentHash>, searched: Set<ContentHash>, drawn: [ContentHash: [FaceBox]],
        disk: Disk
    ) {
        self.disk = disk
        self.searched = searched
        self.drawn = drawn
        taken = Mutex(known)
    }

    func read(_ candidate: PhotoInventory.Candidate, on worker: isolated Worker) throws -> Outcome {
        do {
            return try readBytes(candidate, on: worker)
        } catch let error as FileError {
            return .failed(
                UnreadFile(
                    source: candidate.source.id, path: candidate.path, isFolder: false,
                    error: error))
        }
    }

    private func readBytes(_ candidate: PhotoInventory.Candidate, on worker: isolated Worker) throws
        -> Outcome
    {
        let path = candidate.base.pushing(candidate.path)
        guard candidate.stamp.byteCount <= PhotoSource.maximumByteCount else {
            return try outcomeOfGiant(candidate, path)
        }
        let bytes = try disk.contents(of: path, limit: PhotoSource.maximumByteCount)
        let hash = ContentHasher.hash(bytes)
        let file = PhotoFile(
            source: candidate.source.id, path: candidate.path, stamp: candidate.stamp, photo: hash)
        let fileExtension = candidate.path.extension ?? ""
        let kind = PhotoImaging.FileKind.of(
            firstBytes: bytes.prefix(PhotoImaging.FileKind.probeLength),
            fileExtension: fileExtension)
        if let name = kind.skippedName,
            !PhotoImaging.FileKind.claimsToBePhoto(fileExtension: fileExtension)
        {
            return .notAPhoto(
                SkippedFile(source: candidate.source.id, path: candidate.path, kind: name))
        }
        guard taken.withLock({ $0.insert(hash).inserted }) else { return .known(file) }
        if searched.contains(hash) {
            let features = try? FaceAnalyser.pictureFeatures(of: PhotoSource(bytes: bytes))
            return .measured(Self.picture(features), file)
        }
        let (record, picture) = try analysis(of: bytes, hash: hash, on: worker)
        return .analysed(record, picture, file)
    }

    /// Beyond the limit nothing is decoded, yet the file keeps its place in the album.
    private func outcomeOfGiant(_ candidate: PhotoInventory.Candidate, _ path: FilePath) throws
        -> Outcome
    {
        let (hash, byteCount) = try ContentHasher.hash(fileAt: path, disk: disk)
        let file = PhotoFile(
            source: candidate.source.id, path: candidate.path, stamp: candidate.stamp, photo: hash)
        guard taken.withLock({ $0.insert(hash).inserted }) else { return .known(file) }
        return .analysed(
            Self.unreadable(.tooLargeFile, hash, byteCount: byteCount), Self.picture(nil), file)
    }

    private static func picture(_ features: PictureFeatures?) -> PictureAnalysis {
        PictureAnalysis(version: PictureFeatures.version, features: features)
    }

    private func analysis(
        of bytes: [UInt8], hash: ContentHash, on worker: isolated Worker
    ) throws -> (PhotoRecord, PictureAnalysis) {
        let photo: PhotoSource
        let analysis: PhotoAnalysis
        do {
            photo = try PhotoSource(bytes: bytes)
            analysis = try worker.faceAnalyser().faces(of: photo, drawn: drawn[hash] ?? [])
        } catch let error as ImageError {
            return (Self.unreadable(error, hash, byteCount: Int64(bytes.count)), Self.picture(nil))
        }
        let isWhole = analysis.damage == nil
        let isJudged = analysis.decodedFraction >= FaceAnalyser.leastDecodedFraction
        let record = PhotoRecord(
            hash: hash, byteCount: Int64(bytes.count), format: photo.format,
            condition: isJudged ? .analysed : .tooDamaged,
            failure: isWhole ? nil : Failure(code: .damaged, reason: analysis.damage ?? ""),
            width: photo.uprightWidth, height: photo.uprightHeight,
            taken: photo.metadata.taken, camera: photo.metadata.camera,
            recordedFaces: analysis.faces.enumerated().map { number, face in
                RecordedFace(face, id: FaceID(photo: hash, number: number))
            })
        return (record, Self.picture(analysis.pictureFeatures))
    }

    private static func unreadable(
        _ error: ImageError, _ hash: ContentHash, byteCount: Int64
    ) -> PhotoRecord {
        PhotoRecord(
            hash: hash, byteCount: byteCount,
            // A photo that the engine gave up on may itself be sound.
            condition: error.code == .notAnalysed ? .tooDamaged : .unreadable,
            failure: Failure(code: error.code, reason: error.reason))
    }
}

extension RecordedFace {
    package init(_ face: AnalysedFace, id: FaceID) {
        self.init(
            face: Face(
                id: id, box: face.box, confidence: face.confidence, encodings: face.encodings),
            detector: face.detector, heightInPixels: face.heightInPixels,
            sharpness: Double(face.sharpness))
    }
}
