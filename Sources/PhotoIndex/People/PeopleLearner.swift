internal import FileLedger
package import AlbumCatalogue
internal import FaceAnalysis
internal import FaceCore
internal import PhotoImaging
package import SystemPackage

/// Brings what the catalogue knows of people up to date with their portraits.
///
/// A portrait is learnt once, by its content. A folder whose portraits were another person's before
/// is that person renamed. A person renamed in the album keeps the portraits under the old name; a
/// person merged into another brings theirs along.
package struct PeopleLearner {
    let book: DecisionBook
    let workspace: Workspace
    let pool: WorkerPool
    /// Sources that were listed already, by their paths.
    let alreadyListed: [FilePath: PeopleFolder]

    private var catalogue: Catalogue { workspace.catalogue }
    private var disk: Disk { workspace.disk }

    package struct Result {
        /// Everybody the catalogue knows, listed or not.
        package var people: [Person] = []
        package var renames: [NameChange] = []
        /// Names that have a folder and no portrait.
        package var empty: [String] = []
        /// What was skipped, each a sentence.
        package var notes: [String] = []
        /// Pictures of formats that are not read.
        package var unusable: [FilePath] = []
    }

    /// One portrait file and the person it belongs to.
    private struct Job: Sendable {
        let source: SourceID
        let base: FilePath
        let path: FilePath
        let stamp: FileStamp
        let name: String
    }

    /// - Parameter sources: those that can be reached; the people of others stay unchanged.
    func learn(
        from sources: [Source], mayContinue: () -> Bool, progress: (Int, Int) -> Void
    ) async throws -> Result {
        let folders = try sources.map {
            ($0, try alreadyListed[$0.path] ?? PeopleFolder(at: $0.path, disk: disk))
        }
        let jobs = folders.flatMap { source, folder in
            folder.portraits.flatMap { name, files in
                files.map {
                    Job(
                        source: source.id, base: folder.base, path: $0.path,
                        stamp: FileStamp(byteCount: $0.byteCount, modified: $0.modified),
                        name: person(withPortraitsCalled: name))
                }
            }
        }
        let learnt = try await read(jobs, mayContinue: mayContinue, progress: progress)
        // Portraits that were not reached yet are not gone.
        guard mayContinue() else { return Result(people: try catalogue.people()) }
        let names = Set(
            folders.flatMap { $0.1.portraits.map { person(withPortraitsCalled: $0.name) } }
        ).sorted()
        var result = Result()
        let portraits = Dictionary(grouping: learnt, by: \.name).mapValues { $0.map(\.file) }
        try rename(portraits, into: &result)
        let listed = try listedPeople(names, portraits: portraits, into: &result)
        result.people =
            try isRecorded(listed, in: sources)
            ? catalogue.people() : catalogue.replacePeople(listed, in: sources.map(\.id))
        result.unusable = folders.flatMap(\.1.unusable)
        result.notes = folders.compactMap(\.1.machineNote)
        try recordMachineFolders(folders)
        result.empty = names.filter { portraits[$0] == nil }
        return result
    }

    private func recordMachineFolders(_ folders: [(Source, PeopleFolder)]) throws {
        let before = Dictionary(grouping: try catalogue.skippedFiles(), by: \.source)
        for (source, folder) in folders {
            let files = folder.machineFolders.map {
                SkippedFile(source: source.id, path: $0, kind: SkippedFile.machineFolder)
            }
            // A run that changes nothing leaves no trace.
            if files != before[source.id] ?? [] {
                try catalogue.replaceSkipped(in: source.id, with: files)
            }
        }
    }

    /// The person of a name's portraits. Answers do not distinguish names that differ only by case;
    /// those stay as PEOPLE has them.
    private func person(withPortraitsCalled name: String) -> String {
        let decided = book.name(ofPortraits: name)
        return decided.folded == name.folded ? name : decided
    }

    /// Whether the catalogue has exactly these people and portraits; then nothing is written to it,
    /// so that a run that changes nothing leaves no trace.
    private func isRecorded(_ listed: [ListedPerson], in sources: [Source]) throws -> Bool {
        let people = try catalogue.people()
        let portraits = try catalogue.portraits().filter { portrait in
            sources.contains { $0.id == portrait.file.source }
        }
        let recorded = Dictionary(grouping: portraits, by: \.person)
            .mapValues { Set($0.map(\.file)) }
        return recorded.count == listed.count
            && listed.allSatisfy { person in
                people.contains {
                    $0.name == person.name && $0.folder == person.folder
                        && recorded[$0.id] == Set(person.portraits)
                }
            }
    }

    /// Hashes what is new or changed, analyses what was never seen, and records it.
    private func read(
        _ jobs: [Job], mayContinue: () -> Bool, progress: (Int, Int) -> Void
    ) async throws -> [(name: String, file: PortraitFile)] {
        let known = Dictionary(
            try catalogue.portraits().map {
                (SharedFiles.Name(source: $0.file.source, path: $0.file.path), $0.file)
            }, uniquingKeysWith: { first, _ in first })
        var learnt: [(name: String, file: PortraitFile)] = []
        var fresh: [Job] = []
        for job in jobs {
            // What the disk could not read last time is tried again: the cause may be repaired.
            if let file = known[SharedFiles.Name(source: job.source, path: job.path)],
                file.stamp == job.stamp,
                let analysis = try catalogue.portraitAnalysis(
                    of: file.hash, version: FaceAnalyser.version),
                analysis.failure?.code != .notReadable
            {
                learnt.append((job.name, file))
            } else {
                fresh.append(job)
            }
        }
        var done = 0
        let catalogue = self.catalogue
        let disk = self.disk
        try await pool.run(fresh) { worker, job in
            try Self.analyse(job, on: worker, catalogue: catalogue, disk: disk)
        } mayContinue: {
            mayContinue()
        } consume: { job, analysis in
            let version = FaceAnalyser.version
            if try catalogue.portraitAnalysis(of: analysis.hash, version: version) != analysis {
                try catalogue.record(analysis, version: version)
            }
            let file = PortraitFile(
                source: job.source, path: job.path, stamp: job.stamp, hash: analysis.hash)
            learnt.append((job.name, file))
            done += 1
            progress(done, fresh.count)
        }
        return learnt
    }

    private static func analyse(
        _ job: Job, on worker: isolated Worker, catalogue: Catalogue, disk: Disk
    ) throws -> PortraitAnalysis {
        let bytes: [UInt8]
        do {
            bytes = try disk.contents(
                of: job.base.pushing(job.path), limit: PhotoSource.maximumByteCount)
        } catch {
            // Without bytes there is no content to compare: the path stands for it.
            return PortraitAnalysis(
                hash: ContentHasher.hash(job.path.bytes), faceCount: 0, chosen: nil,
                failure: Failure(code: .notReadable, reason: error.sentence))
        }
        let hash = ContentHasher.hash(bytes)
        if let known = try catalogue.portraitAnalysis(of: hash, version: FaceAnalyser.version) {
            return known
        }
        do {
            let photo = try PhotoSource(bytes: bytes)
            let analysis = try worker.faceAnalyser().portraitFaces(of: photo)
            let chosen = FaceAnalyser.portraitFace(among: analysis.faces).map { analysis.faces[$0] }
            return PortraitAnalysis(
                hash: hash, width: photo.uprightWidth, height: photo.uprightHeight,
                faceCount: analysis.faces.count,
                chosen: chosen.map {
                    PortraitFace(
                        box: $0.box, confidence: $0.confidence, encodings: $0.encodings,
                        heightInPixels: $0.heightInPixels, detector: $0.detector,
                        sharpness: Double($0.sharpness))
                })
        } catch let error as ImageError {
            return PortraitAnalysis(
                hash: hash, faceCount: 0, chosen: nil,
                failure: Failure(code: error.code, reason: error.reason))
        }
    }

    /// A new name with the portraits of a name that is gone is that person renamed; among several
    /// candidates, the one that shares the most portraits.
    private func rename(
        _ portraits: [String: [PortraitFile]], into result: inout Result
    ) throws {
        let people = try catalogue.people()
        let knownNames = Set(people.map(\.name))
        var gone = people.filter { portraits[$0.name] == nil }
        let before = Dictionary(grouping: try catalogue.portraits(), by: \.person)
            .mapValues { Set($0.map(\.file.hash)) }
        for name in portraits.keys.sorted() where !knownNames.contains(name) {
            let hashes = Set(portraits[name]!.map(\.hash))  // The key came from there.
            let shared = gone.map {
                (person: $0, count: hashes.intersection(before[$0.id] ?? []).count)
            }
            guard let best = shared.max(by: { $0.count < $1.count }), best.count > 0 else {
                continue
            }
            gone.removeAll { $0.id == best.person.id }
            let others = people.filter { $0.id != best.person.id }.map(\.folder)
            let folder = try FolderName.named(name, taken: others, traits: workspace.traits).name
            try catalogue.renamePerson(best.person.id, to: name, folder: folder)
            result.renames.append(
                NameChange(
                    original: best.person.name, name: name,
                    reason: "the portraits of '\(best.person.name)' are now called '\(name)'"))
        }
    }

    private func listedPeople(
        _ names: [String], portraits: [String: [PortraitFile]], into result: inout Result
    ) throws -> [ListedPerson] {
        let known = Dictionary(
            uniqueKeysWithValues: try catalogue.people().map { ($0.name, $0.folder) })
        var taken = Array(known.values)
        return try names.compactMap { name in
            guard let files = portraits[name] else { return nil }
            if let folder = known[name] {
                return ListedPerson(name: name, folder: folder, portraits: files)
            }
            let folder = try FolderName.named(name, taken: taken, traits: workspace.traits)
            taken.append(folder.name)
            if let change = folder.change {
                result.renames.append(
                    NameChange(original: name, name: folder.name, reason: change))
            }
            return ListedPerson(name: name, folder: folder.name, portraits: files)
        }
    }
}
