import FaceCore
import Foundation
import Testing

@Suite struct DecisionBookTests {
    private func box(_ left: Double, top: Double = 0.1, side: Double = 0.1) -> FaceBox {
        FaceBox(left: left, top: top, width: side, height: side)
    }

    private func key(_ number: UInt8, left: Double = 0.1) -> FaceKey {
        FaceKey(photo: photo(number), box: box(left))
    }

    /// The face that a search found at the place.
    private func found(_ key: FaceKey, number: Int = 0, shift: Double = 0) -> Face {
        Face(
            id: FaceID(photo: key.photo, number: number),
            box: FaceBox(
                left: key.box.left + shift, top: key.box.top, width: key.box.width,
                height: key.box.height), confidence: 1, encodings: encodings(0))
    }

    private func book(_ answers: [Statement]...) -> DecisionBook {
        DecisionBook(
            answers.enumerated().map {
                Decision(number: $0.offset + 1, time: "2026-05-01T10:00:00Z", sayings: $0.element)
            })
    }

    private func verdict(_ book: DecisionBook, _ key: FaceKey) -> FaceVerdict? {
        let face = found(key)
        return book.decisions(on: [face]).verdicts[face.id]
    }

    @Test("The last word about a face counts: is, is not, not a guest, ignored, undecided")
    func lastWord() {
        let face = key(1)
        let anna = Statement.isPerson([face], name: "Anna")
        #expect(verdict(book([anna]), face)?.person == "Anna")
        #expect(verdict(book([anna], [.isPerson([face], name: "Ben")]), face)?.person == "Ben")
        let not = verdict(book([anna], [.isNotPerson([face], name: "anna")]), face)
        #expect(not == FaceVerdict(standing: .open, excluded: ["Anna"]))
        // A name that it is not does not exclude other people.
        let ben = verdict(
            book([.isPerson([face], name: "Ben")], [.isNotPerson([face], name: "Anna")]), face)
        #expect(ben == FaceVerdict(standing: .person("Ben"), excluded: ["Anna"]))
        #expect(
            verdict(book([.isNotPerson([face], name: "Anna")], [anna]), face)?.excluded == [])
        #expect(verdict(book([anna], [.notAGuest([face])]), face)?.standing == .notAGuest)
        #expect(verdict(book([.notAGuest([face])], [.ignore([face])]), face)?.standing == .ignored)
        #expect(
            verdict(book([anna, .portrait([face])], [.undecided([face])]), face)
                == FaceVerdict(standing: .open))
    }

    @Test("A face stands for a person as long as it is theirs")
    func portraits() {
        let face = key(1)
        let marked: [Statement] = [.isPerson([face], name: "Anna"), .portrait([face])]
        #expect(verdict(book(marked), face)?.isPortrait == true)
        #expect(
            verdict(book(marked, [.isNotPerson([face], name: "Anna")]), face)?.isPortrait == false)
        #expect(verdict(book(marked, [.ignore([face])]), face)?.isPortrait == false)
        #expect(verdict(book(marked, [.rename("Anna", to: "Eve")]), face)?.isPortrait == true)
    }

    @Test(
        "After a rename the old name is somebody else's; its portraits stay with the first"
    )
    func rename() {
        let (one, other) = (key(1), key(2))
        let book = book(
            [.isPerson([one], name: "Anna")], [.rename("Anna", to: "Grandma")],
            [.isPerson([other], name: "Anna")])
        #expect(verdict(book, one)?.person == "Grandma")
        #expect(verdict(book, other)?.person == "Anna")
        #expect(book.people.map(\.name) == ["Grandma", "Anna"])
        #expect(book.name(ofPortraits: "anna") == "Grandma")
        #expect(book.name(ofOneOnceCalled: "Anna") == "Anna")
        #expect(book.name(ofPortraits: "Ben") == "Ben")
    }

    @Test("A merged person's name means both, even after a rename")
    func merge() {
        let (one, other, third) = (key(1), key(2), key(3))
        let book = book(
            [.isPerson([one], name: "Anni"), .isPerson([other], name: "Anna")],
            [.merge("Anni", into: "Anna")], [.isPerson([third], name: "ANNI")],
            [.rename("Anna", to: "Anna B.")])
        for face in [one, other, third] { #expect(verdict(book, face)?.person == "Anna B.") }
        #expect(book.people.count == 1)
        #expect(book.people[0].portraitNames == ["Anni", "Anna"])
        #expect(book.name(ofOneOnceCalled: "Anni") == "Anna B.")
        // A face that was said not to be the one is not both.
        let apart = self.book(
            [.isNotPerson([one], name: "Anni")], [.merge("Anni", into: "Anna")])
        #expect(verdict(apart, one)?.excluded == ["Anna"])
    }

    @Test("A rename to another person's name merges the two; names differ by more than case")
    func renameToKnown() {
        let book = book(
            [.isPerson([key(1)], name: "Anni"), .isPerson([key(2)], name: "Anna")],
            [.rename("Anni", to: "anna")])
        #expect(book.people.map(\.name) == ["Anna"])
        let respelt = self.book([.isPerson([key(1)], name: "anna")], [.rename("anna", to: "Anna")])
        #expect(respelt.people.map(\.name) == ["Anna"])
        #expect(verdict(respelt, key(1))?.person == "Anna")
    }

    @Test("Names that a disk takes for one are one person: Strauß and STRAUSS, in any Unicode form")
    func alikeNames() {
        let (one, two) = (key(1), key(2))
        let said: [Statement] = [
            .isPerson([one], name: "Jos\u{E9} Strauß"),
            .isPerson([two], name: "JOSE\u{301} STRAUSS"),
        ]
        let book = self.book(said)
        #expect(book.people.map(\.name) == ["Jos\u{E9} Strauß"])
        #expect(verdict(book, two)?.person == "Jos\u{E9} Strauß")
        #expect(book.name(ofPortraits: "jose\u{301} strauss") == "Jos\u{E9} Strauß")
        // Renaming and merging among such names changes the spelling, or does nothing.
        let respelt = self.book(said, [.rename("José Strauß", to: "José Strauss")])
        #expect(respelt.people.map(\.name) == ["José Strauss"])
        #expect(verdict(respelt, one)?.person == "José Strauss")
        let merged = self.book(said, [.merge("José Strauss", into: "José Strauß")])
        #expect(merged.people == book.people)
    }

    @Test("A withdrawn answer no longer counts; a withdrawal can be withdrawn")
    func withdraw() {
        let face = key(1)
        let is_ = [Statement.isPerson([face], name: "Anna")]
        #expect(verdict(book(is_, [.withdraw(1)]), face) == nil)
        let again = book(is_, [.withdraw(1)], [.withdraw(2)])
        #expect(verdict(again, face)?.person == "Anna")
        #expect(again.isInEffect(1) && !again.isInEffect(2) && again.isInEffect(3))
        #expect(again.lastInEffect?.number == 1)
        #expect(book(is_, [.withdraw(1)]).lastInEffect == nil)
        // A later answer, or one that never was, cannot be withdrawn.
        let odd = book([.withdraw(2)], is_, [.withdraw(99)], [.withdraw(-1)])
        #expect(verdict(odd, face)?.person == "Anna")
        // A withdrawn rename gives the name back; what was said in between keeps its words.
        let back = book(is_, [.rename("Anna", to: "Eve")], [.withdraw(2)])
        #expect(back.people.map(\.name) == ["Anna"])
    }

    @Test("A decision finds its face by the same box, else by the best overlap, each once")
    func overlap() {
        let (left, right) = (key(1, left: 0.1), key(1, left: 0.13))
        let book = book(
            [.isPerson([left], name: "Anna"), .isPerson([right], name: "Ben")])
        // The two overlap by more than a half: the last answer is about one face.
        #expect(book.places.count == 1 && book.places[0].verdict.person == "Ben")
        let apart = self.book(
            [.isPerson([key(1, left: 0.1)], name: "Anna")],
            [.isPerson([key(1, left: 0.3)], name: "Ben")])
        let faces = [
            found(key(1, left: 0.31), number: 0), found(key(1, left: 0.12), number: 1),
            found(key(1, left: 0.6), number: 2),
        ]
        let decided = apart.decisions(on: faces)
        #expect(decided.verdicts[faces[0].id]?.person == "Ben")
        #expect(decided.verdicts[faces[1].id]?.person == "Anna")
        #expect(decided.verdicts[faces[2].id] == nil && decided.unfound.isEmpty)
        // A search that finds one of them only leaves the other where it was seen.
        let less = apart.decisions(on: [faces[0]])
        #expect(less.unfound.map(\.key) == [key(1, left: 0.1)])
        #expect(less.unfound.map(\.verdict.person) == ["Anna"])
    }

    @Test("Same and different overrule each other, pair by pair")
    func ties() {
        let (a, b, c) = (key(1), key(2), key(3))
        let faces = [a, b, c].map { found($0) }
        func decided(_ answers: [Statement]...) -> DecidedFaces {
            DecisionBook(
                answers.enumerated().map {
                    Decision(number: $0.offset + 1, time: "", sayings: $0.element)
                }
            ).decisions(on: faces)
        }
        let ids = faces.map(\.id)
        #expect(decided([.same([a, b])], [.same([b, c])]).ties.together == [ids])
        let split = decided([.same([a, b, c])], [.different([a], from: [b])])
        #expect(split.apart == [FacePair(ids[0], ids[1])])
        #expect(split.ties.together == [[ids[1], ids[2]]])
        let joined = decided([.different([a], from: [b, c])], [.same([a, b])])
        #expect(joined.apart == [FacePair(ids[0], ids[2])])
        #expect(joined.ties.together == [[ids[0], ids[1]]])
        // Nobody is different from the very same face.
        #expect(decided([.different([a], from: [a])]).apart.isEmpty)
    }

    @Test("The same as a named face has its name; told apart from it does not")
    func consequences() {
        let (a, b, c) = (key(1), key(2), key(3))
        let faces = [a, b, c].map { found($0) }
        let decided = book(
            [.isPerson([a], name: "Anna"), .same([a, b]), .different([c], from: [a])]
        ).decisions(on: faces)
        let numbers = decided.decisions { $0 == "Anna" ? person(7) : nil }
        #expect(
            Set(numbers) == [
                .isPerson(faces[0].id, person(7)), .isPerson(faces[1].id, person(7)),
                .isNotPerson(faces[2].id, person(7)),
            ])
        #expect(decided.decisions { _ in nil }.isEmpty)
    }

    @Test("An answer to an old page meets what was said since about the same faces or names")
    func unseen() {
        let book = book(
            [.isPerson([key(1)], name: "Anna")], [.rename("Anna", to: "Eve")],
            [.isPerson([key(2)], name: "Ben")], [.withdraw(1)])
        #expect(book.revision == 4)
        func since(_ revision: Int, _ sayings: Statement...) -> Int? {
            book.unseen(by: sayings, since: revision)?.number
        }
        #expect(since(0, .ignore([key(9)])) == nil)
        #expect(since(0, .ignore([key(2)])) == 3)
        #expect(since(3, .ignore([key(2)])) == nil)
        // A slightly different box is the same face; a withdrawal is about its answer.
        #expect(since(2, .ignore([FaceKey(photo: photo(1), box: box(0.11))])) == 4)
        #expect(since(1, .isPerson([key(9)], name: "anna")) == 2)
        #expect(since(2, .isPerson([key(9)], name: "Ben")) == nil)
    }

    @Test("Every kind of saying survives writing and reading")
    func json() throws {
        let sayings: [Statement] = [
            .isPerson([key(1)], name: "Änna \"x\""), .isNotPerson([key(1), key(2)], name: "B/é"),
            .notAGuest([key(3)]), .ignore([key(4)]), .same([key(1), key(2)]),
            .different([key(1)], from: [key(2)]), .drawn(key(5)), .portrait([key(1)]),
            .undecided([key(1)]), .rename("a", to: "b"), .merge("a", into: "b"), .withdraw(3),
        ]
        let answer = Decision(number: 7, time: "2026-05-01T10:00:00Z", sayings: sayings)
        let text = try JSONEncoder().encode(answer)
        #expect(try JSONDecoder().decode(Decision.self, from: text) == answer)
    }

    @Test(
        "CorruptRow is refused, not guessed at",
        arguments: [
            #"{"said":"is","faces":[],"name":""}"#, #"{"said":"is","faces":[]}"#,
            #"{"said":"sing","faces":[]}"#, #"{"said":"withdraw","number":"1"}"#,
            #"{"said":"drawn","faces":[]}"#,
            #"{"said":"ignore","faces":[{"photo":"zz","box":[0,0,1,1]}]}"#,
            #"{"said":"ignore","faces":[{"photo":"\#(photo(1).hexadecimal)","box":[0,0,1]}]}"#,
            #"{"said":"ignore","faces":[{"photo":"\#(photo(1).hexadecimal)","box":[0,0,0,1]}]}"#,
            #"{"said":"ignore","faces":[{"photo":"\#(photo(1).hexadecimal)","box":[0,0,-1,1]}]}"#,
            #"{"said":"ignore","faces":[{"photo":"\#(photo(1).hexadecimal)","box":[0,0,1e999,1]}]}"#,
        ])
    func hostile(line: String) {
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(Statement.self, from: Data(line.utf8))
        }
    }

    @Test("A thousand answers about two thousand faces are replayed")
    func many() {
        let answers = (0..<1000).map { number in
            Decision(
                number: number + 1, time: "",
                sayings: [
                    .isPerson(
                        (0..<10).map { key(UInt8(number % 200), left: Double($0) / 10) },
                        name: "P\(number % 50)")
                ])
        }
        let places = DecisionBook(answers).places
        #expect(places.count == 2000)
    }
}
