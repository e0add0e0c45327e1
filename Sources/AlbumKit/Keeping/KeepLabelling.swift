package import PhotoIndex
internal import FileLedger
package import FaceCore
internal import PhotoLearning
internal import Synchronization
package import SystemPackage

/// Photos that are labelled one by one: what the page of `keep label` is made of.
///
/// In the order in which they were taken, without those already labelled, so that the user can stop
/// and continue at any time. Once something was learnt, the least certain photos come first: they
/// teach the most.
///
/// Every choice is on the disk when the call returns. The bin is locked for one choice at a time.
package final class KeepLabelling: Sendable {
    /// A photo to be labelled.
    package struct Photo: Hashable, Sendable, Identifiable {
        /// What it is called on a page.
        package var id: ReviewToken { ReviewToken(photo) }
        package let photo: ContentHash
        /// Absolute.
        package let path: FilePath
        /// Relative to the PHOTOS folder; what the user reads.
        package let name: String
        package let taken: TimeTaken?
        /// In pixels of the upright photo.
        package let width: Int
        package let height: Int
        /// How likely it is to be worth keeping, 0...1; `nil` as long as nothing was learnt, or when
        /// it cannot be judged.
        package let probability: Double?
    }

    /// How far somebody has got.
    package struct Counts: Hashable, Sendable {
        /// Photos, copies counted once.
        package let all: Int
        package let keep: Int
        package let discard: Int

        package var open: Int { all - keep - discard }

        /// Whether these photos have enough labels of both kinds to learn from.
        package var suffice: Bool { min(keep, discard) >= leastCount }
    }

    /// Labels of either kind without which nothing can be learnt.
    package static let leastCount = KeepTraining.leastCount

    /// What somebody said so far.
    private struct Said {
        var verdicts: [ContentHash: Choice.Verdict]
        /// The photo of the last choice that was not taken back.
        var last: ContentHash?

        init(_ journal: ChoiceJournal) {
            verdicts = journal.verdicts(about: .worth)
            last = journal.last(about: .worth)?.photo
        }
    }

    /// All photos, each once, in the order in which they are shown.
    package let photos: [Photo]
    /// Each a sentence.
    package let notes: [String]
    /// Photos that cannot be shown, and why.
    package let failures: [PhotoFailure]
    /// The name of the folder with the photos; of several the first.
    package let photosName: String
    private let bin: FilePath
    private let pictures: ReviewPictures
    private let numbers: [ContentHash: Int]
    /// Where the bytes of a photo are.
    private let paths: [ContentHash: [FilePath]]
    private let environment: RunEnvironment
    private let said: Mutex<Said>

    /// Looks at the photos, as far as they are not known.
    ///
    /// - Throws: an ``AlbumError``.
    package init(
        _ request: KeepRequest, environment: RunEnvironment, interruption: Interruption,
        onEvent: @escaping @Sendable (RunEvent) -> Void
    ) async throws(AlbumError) {
        bin = request.bin
        photosName = request.study.photosName
        self.environment = environment
        let disk = environment.disk
        do {
            let study = try KeepSurvey(request, RunContext(environment, interruption, onEvent))
            defer { study.close() }
            let journal = try ChoiceJournal(study.bin.folder, disk: disk)
            let verdicts = journal.verdicts(about: .worth)
            // 'check' and 'train' report a damaged model; labels can be made without it.
            let file = try? KeepModelFile.usable(study.bin.folder, given: bin, disk: disk)
            let found = try await study.perform(
                among: Set(verdicts.keys), usesNetwork: file?.model.usesNetwork ?? false)
            let probabilities = try file.map { try found.probabilities($0.model) } ?? [:]
            photos = Self.ordered(found, probabilities)
            notes = found.study.notes + journal.notes
            failures = found.failures
            numbers = Dictionary(
                uniqueKeysWithValues: photos.enumerated().map { ($1.photo, $0) })
            paths = Dictionary(grouping: found.study.files, by: \.photo)
                .mapValues { $0.map(\.path) }
            pictures = ReviewPictures(study.bin.folder, disk: disk)
            said = Mutex(Said(journal))
        } catch {
            throw AlbumError(error, album: request.bin)
        }
    }

    private static func ordered(
        _ found: KeepSurvey.Photos, _ probabilities: [ContentHash: Double]
    ) -> [Photo] {
        var seen: Set<ContentHash> = []
        let photos = found.study.files.compactMap { file -> Photo? in
            guard seen.insert(file.photo).inserted,
                let record = found.records[file.photo], record.condition == .analysed
            else { return nil }
            return Photo(
                photo: file.photo, path: file.path, name: file.name.string, taken: record.taken,
                width: record.width ?? 1, height: record.height ?? 1,
                probability: probabilities[file.photo])
        }
        return photos.sorted { one, other in
            if !probabilities.isEmpty {
                let mine = KeepJudgement.sureness(one.probability)
                let theirs = KeepJudgement.sureness(other.probability)
                if mine != theirs { return mine < theirs }
            }
            switch (one.taken?.text, other.taken?.text) {
            case (let a?, let b?) where a != b: return a < b
            case (nil, _?): return false
            case (_?, nil): return true
            default: return (one.name, one.photo) < (other.name, other.photo)
            }
        }
    }

    // MARK: Questions

    /// The next photo without a label, from the start or behind another one.
    package func next(after photo: ContentHash? = nil) -> Photo? {
        var start = 0
        if let photo, let number = numbers[photo] { start = number + 1 }
        return said.withLock { said in
            photos[start...].first { said.verdicts[$0.photo] == nil }
                // The photos that were skipped.
                ?? photos.first { said.verdicts[$0.photo] == nil }
        }
    }

    /// A photo by its content; `nil` for one that is not among these.
    package func photo(_ hash: ContentHash) -> Photo? { numbers[hash].map { photos[$0] } }

    /// A photo by its name on a page; `nil` for one that is not among these.
    package func photo(_ id: ReviewToken) -> Photo? { photos.first { $0.id == id } }

    /// The photo of which something was said last, which can be taken back; `nil` when there is
    /// none, or it is not among these.
    package var last: Photo? { said.withLock { $0.last }.flatMap(photo) }

    /// A whole photo, upright, as JPEG; `nil` when there is no such photo, or it is out of reach.
    /// `side` is the longer one, wanted, in pixels; at most 2560 are given.
    package func picture(ofPhoto id: ReviewToken, side: Int) -> [UInt8]? {
        guard let hash = photo(id)?.photo else { return nil }
        return pictures.photo(id, hash, at: paths[hash] ?? [], side: side)
    }

    /// What was said of a photo; `.none` when nothing was.
    package func choice(for photo: ContentHash) -> Choice.Verdict {
        said.withLock { $0.verdicts[photo] ?? Choice.Verdict.none }
    }

    package var counts: Counts {
        let verdicts = said.withLock { $0.verdicts }
        let answers = photos.compactMap { verdicts[$0.photo] }
        return Counts(
            all: photos.count, keep: answers.count { $0 == .keep },
            discard: answers.count { $0 == .discard })
    }

    // MARK: Answers

    /// Writes a choice down; `.none` takes one back.
    ///
    /// - Throws: ``AlbumError`` `.unknownPhoto`, `.inUse` while another command writes to the bin,
    ///   and what writing throws. Nothing was chosen then.
    package func choose(_ choice: Choice.Verdict, for photo: ContentHash) throws(AlbumError) {
        guard self.photo(photo) != nil else {
            throw AlbumError(
                .unknownPhoto, photo.hexadecimal, "is not among these photos",
                remedy: "Nothing was chosen. Load the page again.")
        }
        try write { journal throws(FileError) in
            try journal.append([(photo, choice)], about: .worth, at: environment.now())
        }
    }

    /// Takes the last choice back that counts, whenever it was made.
    ///
    /// - Parameter expected: the photo that it has to be about; another one stays as it is, so that a
    ///   page which was sent twice takes back one choice only.
    /// - Returns: the photo, which may be none of these; `nil` when nothing was taken back.
    @discardableResult
    package func undoLast(of expected: ContentHash? = nil) throws(AlbumError) -> ContentHash? {
        var photo: ContentHash?
        try write { journal throws(FileError) in
            if let expected, journal.last(about: .worth)?.photo != expected { return }
            photo = try journal.undoLast(about: .worth, at: environment.now())
        }
        return photo
    }

    private func write(
        _ body: (inout ChoiceJournal) throws(FileError) -> Void
    ) throws(AlbumError) {
        let (folder, disk) = (AlbumFolder(bin.absolute), environment.disk)
        try withAlbumErrors(of: bin) {
            try said.withLock { said in
                let lock = try AlbumLock.acquire(folder, command: "keep", disk: disk)
                defer { lock.release() }
                // Read again under the lock: another process may have written to it.
                var journal = try ChoiceJournal(folder, disk: disk)
                try body(&journal)
                said = Said(journal)
            }
        }
    }
}
