@testable import PhotoIndex
@testable import FileLedger
import FaceCore
import Foundation
import PhotoLearning
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// Seventy small pictures, every other one dark; the bright ones are worth keeping. Sixty of them
/// are labelled, by copies in two folders. The bin has analysed all of them.
private struct Choosing {
    static let labelledCount = 60
    static let count = 70
    let party: Party
    var bin: FilePath { party.album }
    var folders: LabelFolders {
        LabelFolders(
            keep: party.folder.appending("sorted/keep"),
            discard: party.folder.appending("sorted/discard"))
    }

    /// - Parameter isTrained: whether it has taken the labels and learnt from them already.
    init(isTrained: Bool = false) async throws {
        try self.init(photosOf: Party())
        try await Self.trained.value.write(into: bin, withLabels: isTrained)
    }

    private init(photosOf party: Party) throws {
        self.party = party
        for number in 0..<Self.count {
            let bytes = PNGFile.blocks(number).bytes
            try party.write(bytes, to: "photos/\(Self.name(number))")
            guard number < Self.labelledCount else { continue }
            let folder = Self.isBright(number) ? "keep" : "discard"
            try party.write(bytes, to: "sorted/\(folder)/\(number).png")
        }
    }

    static func name(_ number: Int) -> String { "IMG_\(1000 + number).png" }
    static func isBright(_ number: Int) -> Bool { number % 2 == 0 }

    /// The state of a bin after learning, made once.
    private struct Trained {
        let files: [String: [UInt8]]

        init() async throws {
            let choosing = try Choosing(photosOf: Party())
            try choosing.label()
            try await choosing.train()
            files = try filesIn(choosing.bin.appending(".facesort"))
        }

        func write(into bin: FilePath, withLabels: Bool) throws {
            let state = AlbumFolder(bin)
            try state.prepare()
            let names = ["catalogue.sqlite"] + (withLabels ? ["choices.jsonl", "keep-model"] : [])
            for (name, bytes) in files where names.contains(name) {
                try Disk().create(state.state.appending(name), contents: bytes)
            }
        }
    }
    private static let trained = Task { try await Trained() }

    var request: KeepRequest {
        KeepRequest(study: SurveyRequest(photos: [party.photos]), bin: bin)
    }
    private static let time: @Sendable () -> Date = { Date(timeIntervalSince1970: 1_800_000_000) }
    static let environment = ProcessInfo.processInfo.environment

    @discardableResult
    func label(disk: Disk = Disk()) throws(AlbumError) -> KeepLabelSummary {
        try KeepLabeller(
            folders, bin: bin, environment: RunEnvironment([:], now: Self.time, disk: disk)
        )
        .run(interruption: Interruption()) { _ in }
    }

    @discardableResult
    func train(disk: Disk = Disk()) async throws(AlbumError) -> KeepTrainingSummary {
        try await KeepTrainer(
            request, environment: RunEnvironment(Self.environment, now: Self.time, disk: disk)
        ).run(interruption: Interruption()) { _ in }
    }

    @discardableResult
    func apply(
        applies: Bool = true, disk: Disk = Disk()
    ) async throws(AlbumError) -> KeepSummary {
        var request = request
        request.applies = applies
        return try await KeepApplier(
            request, environment: RunEnvironment(Self.environment, now: Self.time, disk: disk)
        ).run(interruption: Interruption()) { _ in }
    }

    func check(_ folders: LabelFolders? = nil) async throws(AlbumError) -> KeepCheck {
        try await KeepChecker(
            request, folders: folders, environment: RunEnvironment(Self.environment)
        )
        .run(interruption: Interruption()) { _ in }
    }

    func labelling() async throws(AlbumError) -> KeepLabelling {
        try await KeepLabelling(
            request, environment: RunEnvironment(Self.environment, now: Self.time),
            interruption: Interruption()
        ) { _ in }
    }

    func journal() throws -> ChoiceJournal { try ChoiceJournal(AlbumFolder(bin)) }

    func hash(_ number: Int) throws -> ContentHash {
        ContentHasher.hash(try party.bytes("photos/\(Self.name(number))"))
    }

    func choose(_ number: Int, _ choice: Choice.Verdict) throws {
        var journal = try journal()
        try journal.append([(try hash(number), choice)], about: .worth, at: Self.time())
    }
}

private func code(of body: () async throws -> Void) async -> AlbumError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? AlbumError)?.code
    }
}

@Suite("Choosing what to keep") struct KeepTests {
    @Test("Two folders are labels, copies agree, a photo in both is reported and skipped", .slow)
    func folderLabels() async throws {
        let choosing = try await Choosing()
        let party = choosing.party
        try party.write(party.bytes("sorted/keep/0.png"), to: "sorted/keep/again/copy.png")
        try party.write(party.bytes("sorted/keep/2.png"), to: "sorted/discard/two.png")
        try party.write(Array("text".utf8), to: "sorted/keep/note.txt")
        let summary = try choosing.label()
        #expect(summary.keepCount == 29 && summary.discardCount == 30 && summary.newCount == 59)
        #expect(summary.contradictions.count == 1 && summary.otherFileCount == 1)
        #expect(summary.contradictions[0].keep.hasSuffix("keep/2.png"))
        #expect(summary.contradictions[0].discard.hasSuffix("discard/two.png"))
        #expect(try choosing.journal().verdict(for: choosing.hash(2), about: .worth) == .none)
        // The second time there is nothing new, and nothing is written.
        let again = try choosing.label()
        #expect(again.newCount == 0 && again.changedCount == 0)
        #expect(try choosing.journal().choices.count == 59)
        try choosing.choose(0, .discard)
        #expect(try choosing.label().changedCount == 1)
        #expect(try choosing.journal().verdict(for: choosing.hash(0), about: .worth) == .keep)
    }

    @Test("Folders that do not exist, are files or contain each other are refused")
    func wrongFolders() async throws {
        let choosing = try await Choosing()
        let folder = choosing.party.folder
        let wrong: [(String, String, AlbumError.Code)] = [
            ("none", "sorted/discard", .notFound), ("sorted", "sorted/discard", .foldersOverlap),
            ("sorted/keep", "sorted/keep", .foldersOverlap),
            ("sorted/keep/0.png", "sorted/discard", .notAFolder),
        ]
        for (keep, discard, expected) in wrong {
            let folders = LabelFolders(
                keep: folder.appending(keep), discard: folder.appending(discard))
            let code = await code {
                _ = try KeepLabeller(folders, bin: choosing.bin, environment: RunEnvironment([:]))
                    .run(interruption: Interruption()) { _ in }
            }
            #expect(code == expected)
        }
        #expect(try !choosing.party.has("album/.facesort/choices.jsonl"))
        #expect(LabelFolders(in: folder.appending("sorted")) == choosing.folders)
        #expect(LabelFolders(in: choosing.party.photos) == nil)
    }

    @Test("It learns from the labels, says how well, and notices newer labels")
    func training() async throws {
        let choosing = try await Choosing()
        try choosing.label()
        try choosing.choose(0, .none)
        let summary = try await choosing.train()
        #expect(summary.report.verdict == .learnt && summary.report.labelCount == 59)
        #expect(summary.report.heldOut.accuracy >= 0.9)
        #expect(summary.photoCount == Choosing.count && summary.unusedLabelCount == 0)
        var check = try await choosing.check()
        #expect(check.report == summary.report && check.changedLabelCount == 0)
        #expect(check.learnt == "2027-01-15T08:00:00Z")
        try choosing.choose(1, .keep)
        try choosing.choose(2, .none)
        check = try await choosing.check()
        #expect(check.changedLabelCount == 2 && check.keepCount == 29 && check.discardCount == 29)
    }

    @Test("Too few labels are refused with the number that is missing, and nothing is written")
    func tooFew() async throws {
        let choosing = try await Choosing()
        for number in 0..<40 { try choosing.choose(number, number < 30 ? .keep : .discard) }
        do {
            try await choosing.train()
            Issue.record("learnt from too few")
        } catch {
            #expect(error.code == .labels && error.reason.contains("30 to keep and 10 to discard"))
            #expect(error.remedy.contains("Label 15 more to discard"))
        }
        #expect(try !choosing.party.has("album/.facesort/keep-model"))
        #expect(await code { try await choosing.apply() } == .keepModel)
        #expect(try await choosing.check().report == nil)
    }

    @Test("Without enough labels it says so before it looks at a photo, and makes nothing")
    func noLabels() async throws {
        let party = try Party()
        try party.write(PNGFile.blocks(1).bytes, to: "photos/a.png")
        let request = KeepRequest(
            study: SurveyRequest(photos: [party.photos]), bin: party.album)
        let error = await #expect(throws: AlbumError.self) {
            _ = try await KeepTrainer(request, environment: RunEnvironment(Choosing.environment))
                .run(interruption: Interruption()) { event in
                    Issue.record("it looked at photos: \(event)")
                }
        }
        #expect(error?.code == .labels)
        #expect(error?.reason.contains("0 to keep and 0 to discard") == true)
        #expect(error?.remedy.contains("Label 25 more to keep and 25 more to discard") == true)
        #expect(try !party.has("album"))
    }

    @Test("A photo that only a link leads to is judged with the others and never moved")
    func linked() async throws {
        let choosing = try await Choosing(isTrained: true)
        let party = choosing.party
        try party.rename("photos/IMG_1061.png", to: "elsewhere/dark.png")
        try Disk().symbolicLink(
            to: "../elsewhere", at: party.folder.appending("photos/linked"))
        let summary = try await choosing.apply()
        #expect(try party.has("elsewhere/dark.png") && summary.failures.isEmpty)
        #expect(summary.verdicts.count == Choosing.count - 1)
        let note = "Only links lead to 'linked/dark.png': looked at, and neither moved nor renamed."
        #expect(summary.notes.contains(note))
    }

    @Test("From labels without a rule it learns nothing, and it judges nothing")
    func noRule() async throws {
        let choosing = try await Choosing()
        var random = SplitMix64(seed: 3)
        for number in 0..<Choosing.labelledCount {
            try choosing.choose(number, Bool.random(using: &random) ? .keep : .discard)
        }
        #expect(try await choosing.train().report.verdict == .learntNothing)
        #expect(await code { try await choosing.apply() } == .keepModel)
        #expect(try await choosing.check().report?.verdict == .learntNothing)
    }

    @Test("Without --apply it lists what would go and moves nothing")
    func dryRun() async throws {
        let choosing = try await Choosing(isTrained: true)
        let before = try choosing.party.originals()
        let summary = try await choosing.apply(applies: false)
        #expect(try choosing.party.originals() == before && choosing.party.listing().isEmpty)
        #expect(!summary.isApplied && summary.run == nil)
        #expect(summary.verdicts.count == Choosing.count)
        #expect(summary.moves.count >= 32 && summary.moves.count == summary.count(.discard))
        let new = summary.verdicts.filter { !$0.isOwnChoice }
        #expect(new.count == 10)
        for verdict in new where verdict.band != .look {
            let number = try #require(Int(verdict.photo.filter(\.isNumber))) - 1000
            #expect((verdict.band == .keep) == Choosing.isBright(number))
        }
    }

    @Test("With --apply discarded photos go with files beside them; undo brings all back", .slow)
    func applied() async throws {
        let choosing = try await Choosing(isTrained: true)
        try choosing.party.write([1, 2, 3], to: "photos/IMG_1001.xmp")
        let before = try choosing.party.originals()
        let summary = try await choosing.apply()
        #expect(summary.isApplied && summary.run == 1)
        let listing = try choosing.party.listing()
        #expect(listing.count == summary.moves.count + 1)
        #expect(listing.allSatisfy { $0.hasPrefix("discard/") })
        #expect(listing.contains("discard/IMG_1001.xmp"))
        #expect(try choosing.party.opened().status().bin == ["discard": listing.count])
        // It still learns from photos that went.
        #expect(try await choosing.train().report.labelCount == Choosing.labelledCount)
        let undone = try choosing.party.undo()
        #expect(undone.movedFileCount == listing.count && undone.left.isEmpty)
        #expect(try choosing.party.originals() == before)
    }

    @Test("A photo's own label counts more than what was learnt, also for its copies")
    func ownWord() async throws {
        let choosing = try await Choosing(isTrained: true)
        try choosing.choose(1, .keep)
        try choosing.choose(62, .discard)
        try choosing.party.write(choosing.party.bytes("photos/IMG_1062.png"), to: "photos/z/c.png")
        let summary = try await choosing.apply()
        func verdict(_ name: String) -> KeepSummary.Verdict? {
            summary.verdicts.first { $0.photo == name }
        }
        #expect(verdict("IMG_1001.png")?.band == .keep)
        #expect(verdict("IMG_1062.png")?.band == .discard && verdict("z/c.png")?.band == .discard)
        #expect(verdict("IMG_1062.png")?.reason == "goes: you said so")
        #expect(try choosing.party.has("photos/IMG_1001.png"))
        #expect(try !choosing.party.has("photos/z/c.png"))
        #expect(summary.notes.contains { $0.hasPrefix("2 labels were made or changed") })
    }

    @Test("A photo that cannot be read is moved only if it was labelled so")
    func unreadable() async throws {
        let choosing = try await Choosing(isTrained: true)
        try choosing.party.write([0xFF, 0xD8, 0xFF, 1], to: "photos/broken.jpg")
        let summary = try await choosing.apply()
        let verdict = summary.verdicts.first { $0.photo == "broken.jpg" }
        #expect(verdict?.band == .look && verdict?.probability == nil)
        #expect(try choosing.party.has("photos/broken.jpg"))
        #expect(summary.failures.map(\.path) == ["broken.jpg"])
    }

    @Test("It is measured on two more folders, apart from the photos it learnt from")
    func measured() async throws {
        let choosing = try await Choosing(isTrained: true)
        for number in Choosing.labelledCount..<Choosing.count {
            let folder = Choosing.isBright(number) ? "keep" : "discard"
            try choosing.party.write(
                choosing.party.bytes("photos/\(Choosing.name(number))"),
                to: "sorted/\(folder)/\(number).png")
        }
        let measured = try #require(try await choosing.check(choosing.folders).measured)
        #expect(measured.seen.photoCount == 60 && measured.unseen.photoCount == 10)
        #expect(measured.unseen.accuracy >= 0.9 && measured.contradictionCount == 0)
        #expect(try choosing.journal().verdicts(about: .worth).count == 60)
    }

    @Test("A model file that is cut short or changed is refused; the labels teach it again")
    func damagedModel() async throws {
        let choosing = try await Choosing(isTrained: true)
        let path = "album/.facesort/keep-model"
        let whole = try choosing.party.bytes(path)
        let folder = AlbumFolder(choosing.bin)
        func isRefused(_ bytes: [UInt8]) throws -> Bool {
            try choosing.party.write(bytes, to: path)
            do {
                _ = try KeepModelFile.read(folder, given: choosing.bin, disk: Disk())
                return false
            } catch let error as AlbumError {
                return error.code == .keepModel
            }
        }
        let places = Array(0..<200) + stride(from: 200, to: whole.count, by: whole.count / 200)
        for count in places { #expect(try isRefused(Array(whole[..<count])), "cut at \(count)") }
        for place in places {
            var changed = whole
            changed[place] ^= 4
            #expect(try isRefused(changed), "changed at \(place)")
        }
        #expect(await code { try await choosing.apply() } == .keepModel)
        #expect(await code { _ = try await choosing.check() } == .keepModel)
        #expect(try choosing.party.listing().isEmpty)
        try await choosing.train()
        #expect(try await choosing.check().report?.verdict == .learnt)
    }

    @Test("If writing the model fails, the old one or the new one is there whole")
    func failingModel() async throws {
        let choosing = try await Choosing(isTrained: true)
        let folder = AlbumFolder(choosing.bin)
        let old = try #require(
            try KeepModelFile.read(folder, given: choosing.bin, disk: Disk()))
        let new = KeepModelFile(
            model: old.model, learnt: "2030-01-01T00:00:00Z", labels: [], knownPeopleCount: 0)
        let counting = CountingDisk(.once, at: 0)
        try new.write(to: folder, disk: counting.disk)
        #expect(counting.operations > 3)
        for failure in CountingDisk.Failure.allCases {
            for step in 1...counting.operations {
                try old.write(to: folder, disk: Disk())
                try? new.write(to: folder, disk: CountingDisk(failure, at: step).disk)
                let found = try KeepModelFile.read(folder, given: choosing.bin, disk: Disk())
                #expect([old.learnt, new.learnt].contains(found?.learnt))
            }
        }
    }

    @Test(
        "Whichever disk operation fails, the same command, or undo, leaves each file once",
        .slow,
        arguments: CountingDisk.Failure.allCases)
    func everyOperation(_ failure: CountingDisk.Failure) async throws {
        let choosing = try await Choosing(isTrained: true)
        let party = choosing.party
        for number in 3..<Choosing.count {
            try party.remove("photos/\(Choosing.name(number))")
        }
        try await choosing.apply(applies: false)
        let before = try party.originals()
        party.copyFolder("album", to: "before")
        party.copyFolder("photos", to: "photos before")
        let isProbe: @Sendable (FilePath) -> Bool = { $0.string.contains("/.facesort/probe") }
        let counting = CountingDisk(failure, at: 0) { !isProbe($1) }
        try await choosing.apply(disk: counting.disk)
        #expect(try party.listing() == ["discard/IMG_1001.png"])
        let start = counting.operations - 50
        for step in 1...counting.operations where step > start || step % 8 == 0 {
            for folder in ["album", "photos"] { try party.remove(folder) }
            party.copyFolder("before", to: "album")
            party.copyFolder("photos before", to: "photos")
            _ = try? await choosing.apply(
                disk: CountingDisk(failure, at: step) { !isProbe($1) }.disk)
            let everywhere = try Array(party.originals().values) + Array(party.contents().values)
            #expect(everywhere.count == before.count, "\(failure), step \(step)")
            if step % 2 == 0 {
                try await choosing.apply()
                #expect(try party.listing() == ["discard/IMG_1001.png"], "step \(step)")
            }
            _ = try? party.undo(.all)
            #expect(try party.originals() == before, "\(failure), step \(step)")
        }
    }
}

@Suite("Labelling one by one") struct KeepLabellingTests {
    @Test("Photos come in the order of their names, and labelled ones do not come again")
    func order() async throws {
        let choosing = try await Choosing()
        let labelling = try await choosing.labelling()
        #expect(labelling.photos.map(\.name) == (0..<Choosing.count).map(Choosing.name))
        #expect(labelling.next()?.name == "IMG_1000.png")
        try labelling.choose(.keep, for: choosing.hash(0))
        try labelling.choose(.discard, for: choosing.hash(1))
        #expect(labelling.next()?.name == "IMG_1002.png")
        #expect(labelling.next(after: try choosing.hash(2))?.name == "IMG_1003.png")
        #expect(labelling.next(after: try choosing.hash(69))?.name == "IMG_1002.png")
        #expect(labelling.counts == KeepLabelling.Counts(all: 70, keep: 1, discard: 1))
        // Continued by another run of the program.
        let again = try await choosing.labelling()
        #expect(again.next()?.name == "IMG_1002.png" && again.counts.open == 68)
        #expect(try again.undoLast() == choosing.hash(1))
        #expect(again.choice(for: try choosing.hash(1)) == .none)
        #expect(again.next()?.name == "IMG_1001.png")
        #expect(throws: AlbumError.self) { try again.choose(.keep, for: ContentHasher.hash([1])) }
    }

    @Test("Once something was learnt, the photos it is least sure about come first")
    func leastSure() async throws {
        let choosing = try await Choosing(isTrained: true)
        let labelling = try await choosing.labelling()
        let doubts = labelling.photos.map { abs(($0.probability ?? 2) - 0.5) }
        #expect(doubts == doubts.sorted() && Set(doubts).count > 1)
        let next = try #require(labelling.next())
        #expect(try choosing.journal().verdict(for: next.photo, about: .worth) == .none)
    }

    @Test("A choice that cannot be written is not made")
    func failing() async throws {
        let choosing = try await Choosing()
        let labelling = try await choosing.labelling()
        let lock = try AlbumLock.acquire(AlbumFolder(choosing.bin), command: "clean", disk: Disk())
        let photo = try choosing.hash(0)
        #expect(throws: AlbumError.self) { try labelling.choose(.keep, for: photo) }
        #expect(labelling.choice(for: photo) == .none)
        lock.release()
        try labelling.choose(.keep, for: photo)
        #expect(labelling.choice(for: photo) == .keep)
    }
}

@Suite("Dropped files are judged") struct DroppedPhotoTests {
    private func look(_ request: KeepRequest) async throws -> KeepReview {
        try await KeepReview.begin(
            request, environment: RunEnvironment(Choosing.environment), interruption: Interruption()
        ) { _ in }
    }

    @Test("With an album they are judged too, and neither album nor bin changes", .slow)
    func album() async throws {
        let choosing = try await Choosing(isTrained: true)
        let album = choosing.party.folder.appending("sorted album")
        try await choosing.party.sort { $0 = SortRequest(photos: $0.study.photos, album: album) }
        var request = choosing.request
        request.study.album = album
        let look = try await look(request)
        let before = try filesIn(choosing.party.folder.path)
        for (number, band) in [(2000, KeepBands.Band.keep), (2001, .discard)] {
            let photo = try await look.judge(PNGFile.blocks(number).bytes, named: "new.png")
            #expect(photo.verdict?.band == band && photo.trouble == nil, "\(number)")
            #expect(!photo.isAmongPhotos)
        }
        let known = try await look.judge(PNGFile.blocks(3).bytes, named: "known.png")
        #expect(known.isAmongPhotos && known.verdict?.isOwnChoice == true)
        #expect(try filesIn(choosing.party.folder.path) == before)
        look.close()
    }

    @Test("The portraits say who is in them, and nothing of the portraits stays either")
    func people() async throws {
        let choosing = try await Choosing(isTrained: true)
        let party = choosing.party
        try party.write(Guest.salley.portrait(0), to: "people/Salley.jpg")
        var request = choosing.request
        request.study.people = party.people
        let before = try filesIn(party.folder.path)
        let trial = KeepTrial(
            request, environment: RunEnvironment(Choosing.environment, disk: Disk()))
        let (same, other) = try (Guest.salley.portrait(1), Guest.savage.portrait(0))
        for (bytes, count) in [(same, 1), (other, 0)] {
            let seen = try await trial.look(
                at: bytes, named: "a.jpg", among: [], usesNetwork: false)
            #expect(seen.known[ContentHasher.hash(bytes)]?.knownCount == count)
            #expect(seen.study.files.count == 1)
        }
        trial.close()
        #expect(try filesIn(party.folder.path) == before)
    }

    @Test("A second file has to wait, and after closing none is taken")
    func oneByOne() async throws {
        let choosing = try await Choosing(isTrained: true)
        let look = try await look(choosing.request)
        let codes = await withTaskGroup(of: AlbumError.Code?.self) { group in
            for number in 0..<4 {
                group.addTask {
                    await code {
                        _ = try await look.judge(
                            PNGFile.blocks(3000 + number).bytes, named: "\(number).png")
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.contains(nil) && codes.allSatisfy { $0 == nil || $0 == .inUse }, "\(codes)")
        _ = try await look.judge(PNGFile.blocks(3004).bytes, named: "next.png")
        look.close()
        #expect(
            await code { _ = try await look.judge(PNGFile.blocks(5).bytes, named: "late.png") }
                == .interrupted)
    }

    @Test(
        "Whichever disk operation fails, the next file is judged, and nothing is left behind",
        .slow)
    func failing() async throws {
        let choosing = try await Choosing(isTrained: true)
        var environment = Choosing.environment
        environment["TMPDIR"] = choosing.party.folder.path.string
        let before = try filesIn(choosing.party.folder.path)
        /// - Returns: whether the photo was seen.
        func look(_ trial: KeepTrial, _ number: Int = 1) async throws -> Bool {
            let bytes = PNGFile.blocks(number).bytes
            let seen = try await trial.look(
                at: bytes, named: "a.png", among: [], usesNetwork: false)
            return seen.study.files.contains { $0.photo == ContentHasher.hash(bytes) }
        }
        let counting = CountingDisk(.once, at: 0)
        let sound = KeepTrial(
            choosing.request, environment: RunEnvironment(environment, disk: counting.disk))
        #expect(try await look(sound))
        sound.close()
        #expect(counting.operations > 3)
        for step in 1...counting.operations {
            let failing = CountingDisk(.once, at: step)
            let trial = KeepTrial(
                choosing.request, environment: RunEnvironment(environment, disk: failing.disk))
            // Closing uses operations as well; they belong to the second look here.
            for number in 1...2 { _ = try? await look(trial, number) }
            #expect(try await look(trial, 3), "\(step)")
            trial.close()
            #expect(try filesIn(choosing.party.folder.path) == before, "\(step)")
        }
    }
}
