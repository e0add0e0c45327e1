import AlbumCatalogue
import FaceCore
import SystemPackage
import Testing

@Suite struct RunTests {
    let folder: TestFolder
    let catalogue: Catalogue

    init() throws {
        folder = try TestFolder()
        catalogue = try folder.open()
    }

    @Test("Runs are listed from the oldest, and the last is the one that began last")
    func order() throws {
        #expect(try catalogue.lastRun() == nil)
        try catalogue.begin(Sample.run("z"))
        try catalogue.begin(Sample.run("a"))
        #expect(try catalogue.runs() == [Sample.run("z"), Sample.run("a")])
        #expect(try catalogue.lastRun() == Sample.run("a"))
    }

    @Test("An ended run keeps its summary when it is undone; a resumed one is the same run")
    func states() throws {
        try catalogue.begin(Sample.run("r1"))
        try catalogue.finish(run: "r1", at: "t1", state: .interrupted)
        #expect(try catalogue.lastRun()?.state == .interrupted)
        try catalogue.begin(
            RunRecord(id: "r1", command: "sort", started: "later", settings: "{}"))
        #expect(try catalogue.runs().count == 1)
        #expect(try catalogue.lastRun()?.state == .running)
        #expect(try catalogue.lastRun()?.finished == nil)
        #expect(try catalogue.lastRun()?.started == Sample.run("r1").started)
        try catalogue.finish(run: "r1", at: "t2", state: .finished, summary: "{}")
        try catalogue.finish(run: "r1", at: "t3", state: .undone)
        let run = try catalogue.lastRun()
        #expect(run?.state == .undone && run?.summary == "{}" && run?.finished == "t3")
        #expect(
            error { try catalogue.finish(run: "no", at: "t", state: .finished) }?.code == .conflict)
    }

    @Test("Matches come back exactly, and the run that made them with them")
    func matches() throws {
        _ = try catalogue.fill(photos: 0..<2, faces: 3)
        let people = try catalogue.rememberSource(.people, at: "/people")
        for number in 10..<12 { try catalogue.record(Sample.portrait(number), version: 1) }
        try catalogue.replacePeople(
            ["Anna": 10, "Ben": 11].sorted { $0.key < $1.key }.map { name, number in
                ListedPerson(
                    name: name, folder: name,
                    portraits: [Sample.portraitFile(number, in: people, at: FilePath(name))])
            }, in: [people.id])
        let candidates = try catalogue.references().map {
            Candidate(
                person: $0.person, reference: $0.id, distance: 0.1 + Float($0.id.rawValue) / 3)
        }
        let decided = Candidate(person: candidates[0].person, reference: .none, distance: 0)
        let faces = try catalogue.photos().flatMap(\.faces).map(\.id)
        let matches = faces.enumerated().map { index, face in
            switch index % 3 {
            case 0:
                Match(
                    face: face, named: candidates[0], nearest: candidates[1],
                    runnerUp: candidates[1], band: .likely, reason: .nextBest)
            case 1:
                Match(
                    face: face, named: decided, nearest: nil, runnerUp: nil, band: .sure,
                    reason: .decided)
            default:
                Match(
                    face: face, named: nil, nearest: candidates[1], runnerUp: candidates[0],
                    band: .ask, reason: .tooFar)
            }
        }
        #expect(try catalogue.runOfMatches() == nil)
        #expect(error { try catalogue.replaceMatches(matches, run: "r1") }?.code == .conflict)
        try catalogue.begin(Sample.run("r1"))
        try catalogue.begin(Sample.run("r2"))
        try catalogue.replaceMatches(matches.reversed(), run: "r1")
        #expect(try catalogue.matches() == matches)
        #expect(try catalogue.matches(of: faces[0].photo) == Array(matches.prefix(3)))
        #expect(try catalogue.runOfMatches() == Sample.run("r1"))
        try catalogue.replaceMatches([], run: "r2")
        #expect(try catalogue.matches().isEmpty)
        #expect(try catalogue.runOfMatches()?.id == "r2")
    }

    @Test("Matches of unknown faces or people are refused, and the old ones stay")
    func unknownRefused() throws {
        _ = try catalogue.fill(photos: 0..<1)
        try catalogue.begin(Sample.run("r1"))
        func match(_ face: FaceID, _ person: Candidate? = nil) -> Match {
            Match(
                face: face, named: nil, nearest: person, runnerUp: nil, band: .no,
                reason: .tooFar)
        }
        let good = match(FaceID(photo: Sample.hash(0), number: 0))
        try catalogue.replaceMatches([good], run: "r1")
        let nobody = Candidate(
            person: PersonID(rawValue: 5), reference: ReferenceID(rawValue: 5), distance: 1)
        let bad = [
            match(FaceID(photo: Sample.hash(0), number: 2)),
            match(FaceID(photo: Sample.hash(3), number: 0)),
            match(FaceID(photo: Sample.hash(0), number: 1), nobody),
        ]
        for match in bad {
            let refused = error { try catalogue.replaceMatches([match], run: "r1") }
            #expect(refused?.code == .conflict)
        }
        #expect(try catalogue.matches() == [good])
    }

    @Test("Placed files are recorded, replaced and removed in one step")
    func placed() throws {
        let anna = try catalogue.rememberPerson(name: "Anna", folder: "Anna")
        let files = [
            Sample.placed("Anna/1.jpg", .person(anna.id), photo: 1),
            Sample.placed("group/1.jpg", .group, photo: 1),
            Sample.placed("unknown/2.jpg", .unknown, photo: 2),
            Sample.placed("unreadable/3.jpg", .unreadable, photo: 3),
        ]
        try catalogue.record(placed: files.reversed())
        #expect(try catalogue.placedFiles() == files)
        #expect(try catalogue.placedFiles(of: Sample.hash(1)) == Array(files.prefix(2)))
        #expect(try catalogue.placedFile(at: "group/1.jpg") == files[1])
        #expect(try catalogue.placedFile(at: "group/2.jpg") == nil)
        let deleted = PlacedFile(
            path: "Anna/1.jpg", place: .person(anna.id), photo: Sample.hash(1),
            stamp: Sample.stamp, state: .deletedByUser, run: "r2")
        let moved = Sample.placed("group/1.jpg", .group, photo: 9)
        try catalogue.record(placed: [deleted, moved], removed: ["group/1.jpg", "unknown/2.jpg"])
        #expect(try catalogue.placedFiles() == [deleted, moved, files[3]])
    }

    @Test("The album's index is rebuilt whole, with any bytes in its paths, or not at all")
    func rebuilt() throws {
        try catalogue.record(placed: [Sample.placed("old", .group, photo: 1)])
        let files = Sample.oddPaths.map { Sample.placed($0, .unknown, photo: 2) }
        try catalogue.rebuildPlacedFiles(from: files)
        #expect(try Set(catalogue.placedFiles()) == Set(files))
        let nobody = Sample.placed("x", .person(PersonID(rawValue: 4)), photo: 1)
        #expect(error { try catalogue.rebuildPlacedFiles(from: [nobody]) }?.code == .conflict)
        #expect(
            error { try catalogue.record(placed: [nobody], removed: files.map(\.path)) }?.code
                == .conflict)
        #expect(try Set(catalogue.placedFiles()) == Set(files))
    }

    @Test(
        "A journal counts as taken in only at the length recorded with its facts")
    func journals() throws {
        try catalogue.begin(Sample.run("r1"))
        let placed = JournalLength(run: "r1", byteCount: 100)
        let ended = JournalLength(run: "r1", byteCount: 120)
        let other = JournalLength(run: "r2", byteCount: 7)
        #expect(try catalogue.untaken(among: [placed, other]) == [placed, other])
        try catalogue.record(
            placed: [Sample.placed("unknown/1.jpg", .unknown, photo: 1)], journal: placed)
        #expect(try catalogue.untaken(among: [placed, other]) == [other])
        #expect(try catalogue.untaken(among: [ended]) == [ended])
        // A failed record undoes its length too.
        let nobody = Sample.placed("x", .person(PersonID(rawValue: 4)), photo: 1)
        #expect(error { try catalogue.record(placed: [nobody], journal: ended) }?.code == .conflict)
        #expect(
            error { try catalogue.finish(run: "no", at: "t", state: .finished, journal: ended) }?
                .code
                == .conflict)
        #expect(try catalogue.untaken(among: [ended]) == [ended])
        try catalogue.finish(run: "r1", at: "t", state: .finished, journal: ended)
        #expect(try catalogue.untaken(among: [ended, other]) == [other])
        try catalogue.rebuildPlacedFiles(from: [], journals: [placed, other])
        #expect(try catalogue.untaken(among: [placed, other]).isEmpty)
        try catalogue.take([ended])
        #expect(try catalogue.untaken(among: [placed]) == [placed])
        #expect(try catalogue.untaken(among: [ended, other]).isEmpty)
    }
}
