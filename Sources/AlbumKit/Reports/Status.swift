public import PhotoIndex
internal import FileLedger
internal import FaceAnalysis
internal import FaceCore
internal import PhotoLearning
public import SystemPackage

extension Album {
    /// What is in the album, where it came from, and what was done to it.
    public func status() throws(AlbumError) -> AlbumStatus {
        try ask { workspace in
            let catalogue = workspace.catalogue
            let photos = try catalogue.photos()
            let sources = try catalogue.sources()
            let files = try sources.map { ($0, try catalogue.photoFiles(in: $0.id)) }
            var firstPath: [ContentHash: FilePath] = [:]
            for file in files.flatMap(\.1) where firstPath[file.photo] == nil {
                firstPath[file.photo] = file.path
            }
            let overview = AlbumOverview(
                photos: photos, matches: try catalogue.matches(), people: try catalogue.people(),
                places: try catalogue.placesOfPhotos(), isPresent: { firstPath[$0] != nil })
            let skipped = try catalogue.skippedFiles()
            let failed = try catalogue.failedFiles().map(PhotoFailure.init)
            let portraits = try catalogue.portraits()
            let journals = try Journal.records(folder, disk)
            return AlbumStatus(
                album: path.string, photoCount: overview.photoCount,
                faceCount: overview.faceCount, people: overview.people,
                groupCount: overview.groupCount, unknownCount: overview.unknownCount,
                unreadableCount: overview.unreadableCount,
                sources: files.map { source, photoFiles in
                    AlbumStatus.SourceState(
                        path: source.path.string, kind: source.kind,
                        isReachable: (try? disk.statusIfPresent(of: source.path)) ?? nil != nil,
                        fileCount: source.kind == .photos
                            ? photoFiles.count
                            : portraits.count { $0.file.source == source.id })
                },
                runs: try catalogue.runs().map {
                    AlbumStatus.RunState(
                        number: Int($0.id) ?? 0, command: $0.command, started: $0.started,
                        state: $0.state)
                },
                failures: (failed
                    + photos.compactMap { photo in
                        firstPath[photo.hash].flatMap { PhotoFailure(photo, path: $0) }
                    }).sorted { ($0.path, $0.code.rawValue) < ($1.path, $1.code.rawValue) },
                bin: try filesInBin(workspace, journals),
                skipped: Dictionary(grouping: skipped, by: \.kind).mapValues(\.count),
                skippedFiles: skipped.map { SkippedPhoto(path: $0.path.string, kind: $0.kind) },
                inUseBy: holder(), decisions: workspace.decisionCount,
                damagedJournals:
                    journals
                    .filter { !$0.damage.isEmpty }.map {
                        AlbumStatus.DamagedJournal(
                            path: ".facesort/journal/\($0.header.run).jsonl",
                            lines: $0.damagedLines)
                    })
        }
    }

    private func filesInBin(
        _ workspace: Workspace, _ journals: [JournalRecord]
    ) throws -> [String: Int]? {
        let commands = Set(try workspace.catalogue.runs().map(\.command))
        guard !commands.isDisjoint(with: ["clean", "keep"]), !commands.contains("sort") else {
            return nil
        }
        let files = Journal.replay(journals).filter(\.isBrought)
        return Dictionary(grouping: files) { $0.path.components.first?.string ?? "" }
            .mapValues(\.count)
    }

    /// Tries the lock for a moment: the refusal names the holder.
    private func holder() -> String? {
        do {
            try AlbumLock.acquire(folder, command: "status", disk: disk).release()
            return nil
        } catch AlbumLockError.held(let holder) {
            return holder
        } catch {
            return nil
        }
    }

    /// Everybody with portraits, by name.
    public func people() throws(AlbumError) -> [PersonRow] {
        try ask { workspace in
            let catalogue = workspace.catalogue
            let portraits = Dictionary(grouping: try catalogue.portraits(), by: \.person)
            let placed = try catalogue.placedFiles().filter { $0.state == .present }
            let counts = Dictionary(grouping: placed, by: \.place).mapValues(\.count)
            let faces = Dictionary(grouping: try catalogue.faceReferences(), by: \.person)
            return try catalogue.people()
                .filter { $0.isListed || counts[.person($0.id)] != nil || faces[$0.id] != nil }
                .map { person -> PersonRow in
                    let own = portraits[person.id] ?? []
                    return PersonRow(
                        name: person.name, portraitCount: own.count,
                        referenceCount: own.count { $0.outcome.chosen != nil },
                        referencePhotos: try (faces[person.id] ?? []).compactMap {
                            try catalogue.files(of: $0.face.photo).first?.path.string
                        }.sorted(),
                        photoCount: counts[.person(person.id)] ?? 0)
                }
                .sorted { $0.name < $1.name }
        }
    }

    /// Portraits and people that make recognition worse.
    public func portraitTroubles() throws(AlbumError) -> [PortraitTrouble] {
        try ask { workspace in
            let catalogue = workspace.catalogue
            let reachable = try catalogue.sources().filter {
                try $0.kind == .people && disk.statusIfPresent(of: $0.path) != nil
            }
            let folders = try reachable.map { try PeopleFolder(at: $0.path, disk: disk) }
            let empty = folders.flatMap { $0.portraits.filter { $0.files.isEmpty }.map(\.name) }
            return PeopleHealth(
                people: try catalogue.people(), portraits: try catalogue.portraits(),
                matches: try catalogue.matches(),
                settings: try catalogue.settingsOfMatches().match
            ).troubles(empty: empty, unusable: folders.flatMap(\.unusable))
        }
    }

    /// Whether the model files can be used, and where they are looked for.
    public static func models(folder: FilePath?, environment: [String: String]) -> ModelReport {
        let place = ModelFiles.locate(explicit: folder, environment: environment)
        let states = ModelFiles.states(in: place)
        return ModelReport(
            folder: place.string,
            files: states.map {
                ModelReport.File(
                    name: $0.name, isThere: $0.problem?.code != .missing,
                    reason: $0.problem?.reason, use: $0.use, hash: $0.hash,
                    licence: ModelFiles.licence)
            }, isUsable: states.allSatisfy { $0.problem == nil }, optional: [labels(in: place)],
            encoders: [
                ModelReport.OtherEncoder(
                    name: "taguchi_face_recognition_resnet_model_v1.dat",
                    purpose: "East Asian faces", licence: "MIT",
                    address: "https://github.com/TaguchiModels/dlibModels")
            ])
    }

    /// The label network's file, which is read in whole: it is fetched by hand.
    private static func labels(in folder: FilePath) -> ModelReport.OptionalFile {
        var problem: LabelNetworkError?
        do throws(LabelNetworkError) {
            _ = try LabelNetworkModel(LabelNetworkFile(folder: folder))
        } catch {
            problem = error
        }
        return ModelReport.OptionalFile(
            name: LabelNetworkFile.name,
            purpose: "labels in the names and sheets of 'rename' and for 'keep' to go by",
            isThere: problem?.code != .missing,
            reason: problem?.code == .missing ? nil : problem?.reason,
            address: LabelNetworkFile.address, remedy: AlbumError.fetchLabelNetwork)
    }
}
