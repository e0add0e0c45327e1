import Foundation
import TestSupport
import Testing

@testable import AlbumWeb

/// Requests that no honest client sends, hundreds of each class, to the real socket.
@Suite("Hostile requests", .serialized, .timeLimit(.minutes(20)))
struct HostileTests {
    static let countOfEach = TestExtent.isQuick ? 50 : 500

    /// Which replies to a request are allowed.
    enum Outcome: Sendable {
        /// Neither a page nor a picture: an error, or no reply.
        case refused
        /// A page that honest clients get as well, but nothing that must stay hidden.
        case harmless
    }

    /// A class of requests: a name, and one of them for each number.
    struct Class: CustomTestStringConvertible, Sendable {
        let name: String
        let outcome: Outcome
        /// How many are sent.
        let count: Int
        let make: @Sendable (Scene, inout SplitMix64) -> [UInt8]

        init(
            _ name: String, _ outcome: Outcome = .refused, count: Int = countOfEach,
            _ make: @escaping @Sendable (Scene, inout SplitMix64) -> [UInt8]
        ) {
            self.name = name
            self.outcome = outcome
            self.count = count
            self.make = make
        }

        var testDescription: String { name }
    }

    /// What an attacker may know and use.
    struct Scene: Sendable {
        let browser: Browser
        /// A form that would be accepted from one of our pages.
        let form: [(String, String)]
        /// The route that accepts it.
        let target: String
        let group: String
        let face: String
        let photo: String
        let person: String
        /// The route that accepts choices from lists of photos.
        var lists: [String] = []

        init(_ visit: Visit) async throws {
            browser = try await Browser(at: visit.address)
            let start = try await browser.load("/")
            group = try #require(start.all("href=\"/group/").first)
            target = "/group/\(group)"
            let page = try await browser.load("/group/\(group)")
            let faces = page.all("name=\"face\" value=\"")
            face = try #require(faces.first)
            photo = try #require(page.all("href=\"/photo/").first).prefix(16).description
            let revision = try #require(page.hidden("revision"))
            form = [("revision", revision)] + faces.map { ("face", $0) } + [("name", "Mallory")]
            let people = try await browser.load("/people")
            person = try #require(people.all("href=\"/person/").first)
        }

        /// The pages of `clean`, which have photos only.
        init(_ visit: CleanVisit) async throws {
            browser = try await Browser(at: visit.address)
            let page = try await browser.load("/duplicates")
            let photos = page.all("name=\"photo\" value=\"")
            let revision = try #require(page.hidden("revision"))
            photo = try #require(photos.first)
            target = "/duplicates"
            form = [("revision", revision), ("do", "move")]
            group = "1"
            face = photo
            person = photo
            lists = ["/duplicates", "/blurred", "/no-faces", "/others"]
        }

        /// The pages of `keep apply`, likewise.
        init(_ visit: KeepApplyVisit) async throws {
            browser = try await Browser(at: visit.address)
            let page = try await browser.load("/discard")
            let revision = try #require(page.hidden("revision"))
            photo = try #require(page.all("name=\"photo\" value=\"").first)
            target = "/discard"
            form = [("revision", revision), ("do", "move")]
            group = "1"
            face = photo
            person = photo
            lists = ["/discard", "/look", "/keep"]
        }

        /// The page of `keep label`, which has one photo.
        init(_ visit: KeepLabelVisit) async throws {
            browser = visit.browser
            let page = try await browser.load("/")
            photo = try #require(page.all("action=\"/photo/").first)
            target = "/photo/\(photo)"
            form = [("do", "keep")]
            group = "1"
            face = photo
            person = photo
        }

        var answer: Sent { browser.post(target, form) }
    }

    @Test("They get and change nothing", .slow, arguments: classes)
    func nothing(of hostile: Class) async throws {
        let visit = try await Visit()
        let scene = try await Scene(visit)
        let before = visit.decisions
        await attack(scene, by: hostile)
        #expect(Checker.faults(before: before, after: visit.decisions).isEmpty)
        #expect(try await scene.browser.load("/").status == 200)
        try await visit.end()
    }

    @Test("On clean's pages they get and change nothing", .slow, arguments: classesForLists)
    func nothingIsMoved(by hostile: Class) async throws {
        let visit = try await CleanVisit()
        let scene = try await Scene(visit)
        let before = visit.traces
        await attack(scene, by: hostile)
        #expect(Checker.faults(before: before, after: visit.traces).isEmpty)
        #expect(try await scene.browser.load("/").status == 200)
        try await visit.end()
    }

    @Test(
        "On keep apply's pages they get and change nothing", .slow,
        arguments: classesForKeepApply)
    func nothingIsDiscarded(by hostile: Class) async throws {
        let visit = try await KeepApplyVisit()
        let scene = try await Scene(visit)
        let before = visit.scene.everything
        let traces = visit.scene.traces
        await attack(scene, by: hostile)
        #expect(Checker.faults(before: traces, after: visit.scene.traces).isEmpty)
        #expect(visit.scene.everything == before)
        #expect(try await scene.browser.load("/").status == 200)
        try await visit.end()
    }

    @Test("On keep label's page they get and change nothing", .slow, arguments: classesForKeepLabel)
    func nothingIsLabelled(by hostile: Class) async throws {
        let visit = try await KeepLabelVisit(KeepScene(count: 3))
        let scene = try await Scene(visit)
        let before = visit.scene.traces
        await attack(scene, by: hostile)
        #expect(Checker.faults(before: before, after: visit.scene.traces).isEmpty)
        #expect(try await scene.browser.load("/").status == 200)
        try await visit.end()
    }

    @Test("The checker notices that photos are labelled")
    func positiveControlOfKeepLabel() async throws {
        let visit = try await KeepLabelVisit(KeepScene(count: 3))
        let scene = try await Scene(visit)
        let before = visit.scene.traces
        #expect(try await scene.browser.send(scene.answer).status == 303)
        #expect(!Checker.faults(before: before, after: visit.scene.traces).isEmpty)
        try await visit.end()
    }

    @Test("The checker notices that photos are moved")
    func positiveControlOfClean() async throws {
        let visit = try await CleanVisit()
        let scene = try await Scene(visit)
        let before = visit.traces
        #expect(try await scene.browser.send(scene.answer).status == 303)
        try await visit.waitUntilMoved(scene.browser)
        #expect(!Checker.faults(before: before, after: visit.traces).isEmpty)
        try await visit.end()
    }

    /// Sends all requests of a class and says what is wrong with the answers.
    private func attack(_ scene: Scene, by hostile: Class) async {
        var generator = SplitMix64(seed: hostile.name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
        var requests: [[UInt8]] = []
        for _ in 0..<hostile.count { requests.append(hostile.make(scene, &generator)) }
        let (client, all) = (scene.browser.client, requests)
        let answers = await blocking { all.map(client.send) }
        for (request, answer) in zip(requests, answers) {
            for fault in Checker.faults(of: answer, hostile.outcome) {
                Issue.record(
                    "\(fault): \(String(decoding: request.prefix(300), as: UTF8.self))")
            }
        }
        let counts = Dictionary(grouping: answers) { $0?.status ?? 0 }.mapValues(\.count)
        print("\(hostile.name): \(counts.sorted { $0.key < $1.key })")
    }

    @Test("The checker notices what must not happen")
    func positiveControl() async throws {
        let visit = try await Visit()
        let scene = try await Scene(visit)
        let page = try await scene.browser.load("/")
        #expect(!Checker.faults(of: page, .refused).isEmpty)
        #expect(Checker.faults(of: page, .harmless).isEmpty)
        let picture = try await scene.browser.load("/face/\(scene.face).jpg")
        #expect(picture.status == 200)
        #expect(!Checker.faults(of: picture, .refused).isEmpty)
        #expect(!Checker.faults(of: picture, .harmless).isEmpty)
        for leak in [Visit.secret, "root:x:0:0:root", "SQLite format 3", visit.album.string] {
            let bytes = Array("HTTP/1.1 404 Not Found\r\n\r\n\(leak)".utf8)
            #expect(!Checker.faults(of: Answer(bytes), .harmless).isEmpty, "\(leak)")
        }
        let script = "HTTP/1.1 200 OK\r\n\r\n<p><script>alert(1)</script>"
        #expect(!Checker.faults(of: Answer(Array(script.utf8)), .harmless).isEmpty)
        let failure = "HTTP/1.1 500 Internal Server Error\r\n\r\n"
        #expect(!Checker.faults(of: Answer(Array(failure.utf8)), .refused).isEmpty)
        let before = visit.decisions
        #expect(try await scene.browser.send(scene.answer).status == 303)
        #expect(!Checker.faults(before: before, after: visit.decisions).isEmpty)
        try await visit.end()
    }

    @Test("Exactly one of many equal answers at once is written")
    func race() async throws {
        let visit = try await Visit()
        let scene = try await Scene(visit)
        let (client, bytes) = (scene.browser.client, scene.answer.bytes)
        let statuses = await withTaskGroup(of: [Int].self) { group in
            for _ in 0..<10 {
                group.addTask {
                    await blocking {
                        (0..<Self.countOfEach / 10).map { _ in client.send(bytes)?.status ?? 0 }
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(visit.decisions.count == 1)
        #expect(statuses.count { $0 == 303 } == 1)
        #expect(statuses.allSatisfy { [303, 409].contains($0) }, "\(Set(statuses))")
        try await visit.end()
    }

    @Test("Forms made before another answer get a message and change nothing")
    func stale() async throws {
        let visit = try await Visit()
        let scene = try await Scene(visit)
        #expect(try await scene.browser.send(scene.answer).status == 303)
        let before = visit.decisions
        var generator = SplitMix64(seed: 3)
        for _ in 0..<Self.countOfEach {
            var form = scene.form
            form[form.count - 1].1 = "Mallory \(Int.random(in: 0..<1000, using: &generator))"
            if Bool.random(using: &generator) { form.append(("out", scene.face)) }
            let answer = try await scene.browser.send(
                scene.browser.post(scene.target, form))
            #expect(answer.status == 409)
            // The typed text is still there.
            #expect(answer.text.contains(form.last { $0.0 == "name" }?.1 ?? "?"))
        }
        #expect(visit.decisions == before)
        try await visit.end()
    }
}

/// Says what is wrong with an answer to a hostile request.
private enum Checker {
    static func faults(of answer: Answer?, _ outcome: HostileTests.Outcome) -> [String] {
        // Closing the connection without a reply is allowed too.
        guard let answer else { return [] }
        var faults: [String] = []
        switch outcome {
        case .refused:
            if !(400..<500).contains(answer.status) { faults.append("status \(answer.status)") }
        case .harmless:
            if answer.status >= 500 { faults.append("status \(answer.status)") }
        }
        if answer.body.starts(with: [0xFF, 0xD8]) { faults.append("a picture") }
        let text = String(decoding: answer.all, as: UTF8.self)
        for secret in [Visit.secret, "root:x:0", "SQLite format 3", "/facesort-test-"]
        where text.contains(secret) {
            faults.append("'\(secret)' is in it")
        }
        if text.contains("<script>alert") { faults.append("a script of somebody else's") }
        return faults
    }

    static func faults(before: [String], after: [String]) -> [String] {
        before == after ? [] : ["something was said: \(after.dropFirst(before.count))"]
    }
}
