@testable import PhotoIndex
@testable import FileLedger
import AlbumCatalogue
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// What the review shows at once after an answer, against what recognition says about the same
/// decisions.
///
/// At once, a page adds the decisions to the last comparison of faces, which is older. So the two
/// may differ in faces that nobody decided about. They must agree on every decided face, on who is
/// excluded from a face, and on who there is; and in everything once the faces were compared.
@Suite("Answers at once", .slow)
struct ImmediateAnswerTests {
    private static let eventsOfOneTest: UInt64 = 20
    private static let answersOfOneEvent = 6

    @Test(
        "After any answer the page and recognition agree on what was decided; once the faces were compared, on everything",
        arguments: 0..<UInt64(15))
    func agreement(part: UInt64) throws {
        var acceptedCount = 0
        for event in 0..<Self.eventsOfOneTest {
            let seed = part * Self.eventsOfOneTest + event
            var visit = try RandomVisit(seed: seed)
            for _ in 0..<Self.answersOfOneEvent {
                let isAccepted = try visit.answer { shown, result, names, isSettled in
                    let differences = shown.differences(from: result, names, isSettled: isSettled)
                    #expect(differences == [], "seed \(seed)")
                }
                if isAccepted { acceptedCount += 1 }
            }
        }
        // The others were refused: nothing is left of the group, the name is somebody else's.
        #expect(acceptedCount > Int(Self.eventsOfOneTest) * Self.answersOfOneEvent / 2)
    }

    @Test("The questions to be answered first come to an end; an answer is about the faces shown")
    func firstQuestions() throws {
        var askedCount = 0
        for seed in 0..<UInt64(10) {
            var visit = try RandomVisit(seed: seed)
            // Somebody must be known before anybody can be asked about.
            for name in ["Anna", "Ben", "Claire"] {
                let face = visit.state.standing.firstIndex {
                    if case .person = $0 { false } else { true }
                }
                guard let face else { break }
                let token = visit.state.facts.faces[face].token
                _ = try visit.say(.are([token], .name(name))) { _, _, _, _ in }
            }
            var putOff = PutOff()
            let shown = visit.state.questions(putOff)
            putOff.remember(shown)
            let firstCount = shown.count(where: \.isFirst)
            #expect(shown.prefix(while: \.isFirst).count == firstCount)
            #expect((firstCount == 0) == shown.isEmpty)
            let first = Set(shown.filter(\.isFirst).flatMap(\.faces).map(\.id))
            var answerCount = 0
            while let question = visit.state.questions(putOff).first, question.isFirst {
                let faces = question.faces.map(\.id)
                #expect(!first.isDisjoint(with: faces))
                try visit.answer(question)
                answerCount += 1
                // Each answer settles whether a face is a person.
                guard answerCount <= faces.count + visit.state.facts.faces.count * 5 else {
                    Issue.record("seed \(seed): there is always a first question")
                    break
                }
            }
            // A question put off is none to be answered first.
            if let next = visit.state.questions(putOff).first {
                putOff.put(next.faces[0].id)
                let last = visit.state.questions(putOff).last
                #expect(last?.faces == next.faces && last?.isFirst == false)
            }
            askedCount += answerCount
        }
        #expect(askedCount > 0)
    }

    @Test("A face that the page shows as somebody else is a difference")
    func sensitivity() throws {
        var visit = try RandomVisit(seed: 1)
        var count = 0
        _ = try visit.say(.are([visit.state.facts.faces[0].token], .name("Anna"))) {
            shown, result, _, _ in
            let wrong = Dictionary(
                uniqueKeysWithValues: shown.facts.people.map { ($0.id, "Somebody") })
            count += shown.differences(from: result, wrong, isSettled: false).count
            count += shown.differences(from: result, [:], isSettled: false).count
        }
        #expect(count > 2)
    }
}

/// A small event of made-up faces, and a host who answers at random.
private struct RandomVisit {
    /// Also the page's state: the last comparison of faces, with the answers added.
    private(set) var state: ReviewState
    private let folder: TemporaryFolder
    private let album: Album
    private var random: SplitMix64

    private static let photoCount = 12
    private static let guestCount = 5
    private static let names = ["Anna", "Ben", "BEN", "Claire", "Dora"]
    private static let time = Date(timeIntervalSince1970: 1_800_000_000)

    init(seed: UInt64) throws {
        random = SplitMix64(seed: seed)
        folder = try TemporaryFolder(.inMemory)
        let path = folder.appending("album")
        try AlbumFolder(path).prepare()
        let catalogue = try Catalogue(path: AlbumFolder(path).catalogue, access: .write)
        try Self.fill(catalogue, photos: folder.appending("photos"), &random)
        try catalogue.close()
        album = try Album(at: path)
        state = ReviewState(try Self.facts(of: album), DecisionBook([]))
        try compare(isRecorded: true) { _, _ in }
        state = ReviewState(try Self.facts(of: album), DecisionBook([]))
    }

    /// Of each guest some pictures are alike, some less, and now and then one is hardly theirs.
    private static func fill(
        _ catalogue: Catalogue, photos: FilePath, _ random: inout SplitMix64
    ) throws {
        try catalogue.setEncodingSpace(
            EncodingSpace(alignment: "test", alignerHash: "aa", encoderHash: "bb"))
        let source = try catalogue.rememberSource(.photos, at: photos)
        let guests = (0..<guestCount).map { _ in
            components(near: Array(repeating: 0, count: FaceEncoding.dimension), 0.09, &random)
        }
        for number in 0..<photoCount {
            let hash = try #require(
                ContentHash(bytes: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }))
            let shown = guests.shuffled(using: &random).prefix(
                Int.random(in: 1...3, using: &random))
            let faces = try shown.enumerated().map { index, guest in
                let spread = try #require([0.02, 0.03, 0.05, 0.07].randomElement(using: &random))
                let own = try #require(
                    FaceEncoding(components: components(near: guest, Float(spread), &random)))
                return RecordedFace(
                    face: Face(
                        id: FaceID(photo: hash, number: index),
                        box: FaceBox(
                            left: 0.05 + 0.3 * Double(index), top: 0.2, width: 0.2, height: 0.3),
                        confidence: 1, encodings: FaceEncodings(plain: own, mirrorMean: own)),
                    detector: .cnn, heightInPixels: 200, sharpness: 100)
            }
            let photo = PhotoRecord(
                hash: hash, byteCount: 5_000_000, format: .jpeg, condition: .analysed,
                failure: nil, width: 4000, height: 3000, taken: nil, camera: nil,
                recordedFaces: faces)
            try catalogue.record(
                photo, version: 2,
                file: PhotoFile(
                    source: source.id, path: FilePath("IMG_\(number).jpg"),
                    stamp: FileStamp(byteCount: 5_000_000, modified: 0), photo: hash))
        }
        try catalogue.begin(
            RunRecord(id: "r1", command: "sort", started: "2024-05-02T08:00:00Z", settings: "{}"))
        try catalogue.replaceMatches([], run: "r1")
    }

    /// As the review reads them when the catalogue has changed.
    private static func facts(of album: Album) throws -> ReviewFacts {
        try album.ask { try ReviewFacts($0) }
    }

    private static func components(
        near other: [Float], _ spread: Float, _ random: inout SplitMix64
    ) -> [Float] {
        other.map { $0 + Float.random(in: -spread...spread, using: &random) }
    }

    /// Receives what is shown, what recognition says, everybody's name, and whether the faces were
    /// compared since.
    typealias Check = (ReviewState, RecognitionResult, [PersonID: String], Bool) -> Void

    /// Answers at random.
    ///
    /// - Returns: whether the answer was accepted.
    mutating func answer(_ check: Check) throws -> Bool { try say(nextAnswer(), check) }

    /// - Returns: whether the answer was accepted.
    mutating func say(_ answer: ReviewAnswer, _ check: Check) throws -> Bool {
        let sayings: [Statement]
        do throws(AlbumError) {
            sayings = try state.sayings(of: answer)
        } catch {
            return false
        }
        var journal = try DecisionJournal(album.folder, disk: album.disk)
        _ = try journal.append(sayings, at: Self.time)
        // Until the faces are compared the facts are the old ones.
        state = ReviewState(state.facts, journal.book)
        let shown = state
        let isRecorded = Bool.random(using: &random)
        var checked: (RecognitionResult, [PersonID: String])?
        try compare(isRecorded: isRecorded) { result, names in
            check(shown, result, names, false)
            checked = (result, names)
        }
        state = ReviewState(try Self.facts(of: album), journal.book)
        if let (result, names) = checked { check(state, result, names, isRecorded) }
        return true
    }

    /// Answers that the first of the faces asked about is the person, and the others are not.
    mutating func answer(_ question: ReviewQuestion) throws {
        let faces = question.faces.map(\.id)
        let who = ReviewAnswer.Who.person(question.nearest.person.id)
        let out = Array(faces.dropFirst())
        let isAccepted = try say(
            out.isEmpty
                ? .are(faces, who) : .group(faces, out: out, rest: .stayUnnamed, are: who)
        ) { shown, _, _, _ in
            let person = shown.personOfToken[question.nearest.person.id]
            for (index, token) in faces.enumerated() {
                guard let person, let face = shown.facts.faceOfToken[token] else {
                    Issue.record("the person or a face is gone")
                    return
                }
                if index == 0 {
                    #expect(shown.standing[face] == .person(person, isDecided: true))
                } else {
                    #expect(shown.isExcluded(person, from: face))
                }
            }
        }
        #expect(isAccepted)
    }

    /// Compares the faces as the review does in the background.
    ///
    /// - Parameter isRecorded: `false` as when more is said before the comparison ends.
    private func compare(
        isRecorded: Bool, _ check: (RecognitionResult, [PersonID: String]) -> Void
    ) throws {
        let workspace = try Workspace(
            album.folder, access: .write(command: "review"), disk: album.disk)
        defer { workspace.close() }
        let recognition = try AlbumRecognition(workspace)
        let result = try recognition.judgement()
        if isRecorded { try recognition.record(result) }
        // Somebody who was merged into another stays in the catalogue, with nothing.
        let names = try workspace.catalogue.people().map {
            ($0.id, workspace.book.name(ofOneOnceCalled: $0.name))
        }
        check(result, Dictionary(uniqueKeysWithValues: names))
    }

    private mutating func nextAnswer() -> ReviewAnswer {
        let group = state.groups.keys.sorted().randomElement(using: &random)
        let ofGroup = group.map { state.faces(of: $0) } ?? []
        let person = state.people.randomElement(using: &random)
        let tokens = { [facts = state.facts] (faces: [Int]) in faces.map { facts.faces[$0].token } }
        let some = some(Array(state.facts.faces.indices))
        switch Int.random(in: 0..<15, using: &random) {
        case 0..<4 where !ofGroup.isEmpty:
            let out = Bool.random(using: &random) ? [] : self.some(ofGroup)
            let rest = ReviewAnswer.Rest.allCases.randomElement(using: &random) ?? .stayUnnamed
            return .group(tokens(ofGroup), out: tokens(out), rest: rest, are: who())
        case 4: return .areNotGuests(tokens(ofGroup.isEmpty ? some : self.some(ofGroup)))
        case 5: return .ignore(tokens(some))
        case 6: return .areGoodPortraits(tokens(person.map { self.some($0.faces) } ?? some))
        case 7, 8:
            guard let person else { break }
            let faces = tokens(person.faces.isEmpty ? some : self.some(person.faces))
            return Bool.random(using: &random)
                ? .areNot(faces, person: person.token)
                : .areSomeoneElse(faces, person: person.token)
        case 9:
            guard let person else { break }
            return .rename(person.token, to: name())
        case 10:
            guard let person else { break }
            return .merge(person.token, into: who())
        case 11:
            guard let photo = state.facts.photos.randomElement(using: &random) else { break }
            let left = Double.random(in: 0...0.7, using: &random)
            return .draw(
                photo: photo.page.id,
                box: FaceBox(left: left, top: 0.55, width: 0.15, height: 0.2),
                is: who(), isPortrait: Bool.random(using: &random))
        case 12, 13:
            guard state.book.revision > 0 else { break }
            return .withdraw(Int.random(in: 1...state.book.revision, using: &random))
        default: break
        }
        return .are(tokens(some), who())
    }

    private mutating func some(_ faces: [Int]) -> [Int] {
        Array(faces.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
    }

    private mutating func name() -> String { Self.names.randomElement(using: &random) ?? "Eve" }

    private mutating func who() -> ReviewAnswer.Who {
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            if let person = state.people.randomElement(using: &random) {
                return .person(person.token)
            }
        case 1:
            if let group = state.groups.keys.sorted().randomElement(using: &random) {
                return .group(group)
            }
        default: break
        }
        return .name(name())
    }
}

extension ReviewState {
    /// In what the state differs from a judgement although it may not.
    ///
    /// - Parameters:
    ///   - names: of everybody in the catalogue.
    ///   - isSettled: whether the state's facts are those of that judgement.
    fileprivate func differences(
        from result: RecognitionResult, _ names: [PersonID: String], isSettled: Bool
    ) -> [String] {
        var differences: [String] = []
        let matches = Dictionary(
            uniqueKeysWithValues: result.recognition.matches.map { ($0.face, $0) })
        for (index, known) in facts.faces.enumerated() {
            let verdict = result.decided.verdicts[known.face.id]
            let match = matches[known.face.id]
            let named = match?.named.map { names[$0.person]?.folded ?? "a person without a name" }
            let shown = shownName(index)
            switch verdict?.standing {
            case .person(let name)
            where shown != name.folded || named != name.folded || match?.reason != .decided:
                differences.append("face \(index) is \(name): \(shown ?? "-"), \(named ?? "-")")
            case .notAGuest where standing[index] != .leftOut || match?.reason != .notAGuest,
                .ignored where standing[index] != .leftOut || match?.reason != .ignored:
                differences.append("face \(index) is left out: \(standing[index])")
            case .open, nil:
                let excluded = Set((verdict?.excluded ?? []).map(\.folded))
                if excluded.contains(shown ?? "-") || excluded.contains(named ?? "-") {
                    differences.append("face \(index) is not \(excluded): \(shown ?? "-")")
                }
                if isSettled, shown != named {
                    differences.append("face \(index): \(shown ?? "-") is \(named ?? "-")")
                }
            default: break
            }
        }
        if Set(people.map(\.name.folded)) != Set(names.values.map(\.folded)) {
            differences.append("people: \(people.map(\.name)), \(names.values)")
        }
        for question in questions(PutOff()) {
            let faces = question.faces.compactMap { facts.faceOfToken[$0.id] }
            let name = question.nearest.person.name
            for face in faces
            where self.person(called: name).map({ isExcluded($0, from: face) }) == true
                || decided.verdicts[facts.faces[face].face.id].map({ $0.standing != .open }) == true
            {
                differences.append("face \(face) is asked about: \(name)")
            }
        }
        return isSettled ? differences + settledDifferences(from: result, names) : differences
    }

    /// The same about groups, questions and who is in which photo.
    private func settledDifferences(
        from result: RecognitionResult, _ names: [PersonID: String]
    ) -> [String] {
        var differences: [String] = []
        let clusters = result.clusters.shown.map { cluster in
            Set(
                cluster.faces.filter { result.decided.verdicts[$0]?.standing ?? .open == .open })
        }.filter { !$0.isEmpty }
        let shown = groups.values.map { Set($0.map { facts.faces[$0].face.id }) }
        if Set(shown) != Set(clusters) {
            differences.append("groups: \(shown.map(\.count)), \(clusters.map(\.count))")
        }
        let asked = questions(PutOff()).map { question in
            Set(
                question.faces.compactMap { facts.faceOfToken[$0.id] }.map {
                    facts.faces[$0].face.id
                })
        }
        if Set(asked) != Set(result.questions.map { Set($0.faces) }) {
            differences.append("questions: \(asked.count), \(result.questions.count)")
        }
        for (index, photo) in facts.photos.enumerated() {
            let here = people.filter { $0.photos.contains(index) }.map(\.name.folded)
            let said = result.people[photo.record.hash].compactMap { names[$0]?.folded }
            if Set(here) != Set(said) {
                differences.append("photo \(index): \(here), \(said)")
            }
        }
        return differences
    }

    private func shownName(_ face: Int) -> String? {
        if case .person(let person, _) = standing[face] { people[person].name.folded } else { nil }
    }
}
