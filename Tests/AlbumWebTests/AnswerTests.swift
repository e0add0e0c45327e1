import Foundation
import TestSupport
import Testing

@testable import AlbumWeb

@Suite("Answers", .timeLimit(.minutes(20)))
struct AnswerTests {
    /// The group with the most faces, as its page sends it.
    private func largest(_ browser: Browser) async throws -> (
        number: String, form: [(String, String)], faces: [String]
    ) {
        let start = try await browser.load("/")
        let number = try #require(start.all("href=\"/group/").first)
        let page = try await browser.load("/group/\(number)")
        let faces = page.all("name=\"face\" value=\"")
        let revision = try #require(page.hidden("revision"))
        return (number, [("revision", revision)] + faces.map { ("face", $0) }, faces)
    }

    @Test("Naming a group is one form; the next group follows and says what was done", .slow)
    func naming() async throws {
        let visit = try await Visit()
        let browser = try await Browser(at: visit.address)
        let (number, form, faces) = try await largest(browser)
        let answer = try await browser.send(
            browser.post("/group/\(number)", form + [("name", "  Zoë  "), ("rest", "stayUnnamed")]))
        #expect(answer.status == 303)
        let next = try #require(answer.fields["location"])
        #expect(next.hasPrefix("/group/") && !next.hasPrefix("/group/\(number)?"))
        let page = try await browser.load(next)
        #expect(page.text.contains("\(faces.count) faces are Zoë now."))
        #expect(page.text.contains("action=\"/undo\""))
        #expect(visit.decisions.count == 1)
        #expect(try await browser.load("/people").text.contains("<bdi>Zoë</bdi>"))
        try await visit.end()
    }

    @Test("Faces taken out stay without a name; undo takes the answer back")
    func takenOut() async throws {
        let visit = try await Visit()
        let browser = try await Browser(at: visit.address)
        let (number, form, faces) = try await largest(browser)
        let answer = try await browser.send(
            browser.post("/group/\(number)", form + [("out", faces[0]), ("name", "Zoë")]))
        let page = try await browser.load(try #require(answer.fields["location"]))
        #expect(page.text.contains("\(faces.count - 1) faces are Zoë now. 1 was taken out"))
        let undone = try await browser.send(
            browser.post(
                "/undo",
                [
                    ("answer", "1"), ("revision", try #require(page.hidden("revision"))),
                    ("back", "/group/\(number)"),
                ]))
        #expect(undone.status == 303)
        #expect(undone.fields["location"]?.hasPrefix("/group/\(number)?done=") == true)
        #expect(visit.decisions.count == 2)
        try await browser.waitUntilCompared()
        let start = try await browser.load("/")
        #expect(start.text.contains("3 people still have no name"))
        try await visit.end()
    }

    @Test("A refused form comes back with everything typed and marked in it")
    func kept() async throws {
        let visit = try await Visit()
        let browser = try await Browser(at: visit.address)
        let (number, form, faces) = try await largest(browser)
        let marks = [("out", faces[1]), ("rest", "areNotGuests")]
        for (name, words) in [("group", "cannot be a person’s name"), ("  ", "Type a name")] {
            let answer = try await browser.send(
                browser.post("/group/\(number)", form + marks + [("name", name)]))
            #expect(answer.status == 422)
            #expect(answer.text.contains("value=\"\(name)\""))
            #expect(answer.text.contains("value=\"\(faces[1])\" checked"))
            #expect(answer.text.contains("value=\"areNotGuests\" selected"))
            #expect(answer.text.contains("aria-invalid=\"true\""))
            #expect(
                answer.text.replacingOccurrences(of: "&#39;", with: "’").contains(words), "\(name)")
        }
        // Another tab was quicker.
        #expect(
            try await browser.send(browser.post("/group/\(number)", form + [("name", "Zoë")]))
                .status == 303)
        let late = try await browser.send(
            browser.post("/group/\(number)", form + marks + [("name", "Chloë")]))
        #expect(late.status == 409)
        #expect(late.text.contains("was not saved") && late.text.contains("Chloë"))
        #expect(visit.decisions.count == 1)
        try await visit.end()
    }

    @Test("A person can be renamed, split and merged")
    func people() async throws {
        let visit = try await Visit()
        let browser = try await Browser(at: visit.address)
        let people = try await browser.load("/people")
        let anna = try #require(people.all("href=\"/person/").first)
        var page = try await browser.load("/person/\(anna)")
        let revision = try #require(page.hidden("revision"))
        let renamed = try await browser.send(
            browser.post(
                "/person/\(anna)", [("revision", revision), ("do", "rename"), ("name", "Hanna")]))
        page = try await browser.load(try #require(renamed.fields["location"]))
        #expect(page.text.contains("<h1><bdi>Hanna</bdi></h1>"))
        let wrong = try await browser.send(
            browser.post(
                "/person/\(anna)",
                [
                    ("revision", try #require(page.hidden("revision"))), ("do", "merge"),
                    ("same", "Bert"),
                ]))
        #expect(wrong.status == 422 || wrong.status == 409)
        #expect(wrong.text.contains("Bert"))
        let (location, current) = (
            try #require(renamed.fields["location"]?.split(separator: "?").first),
            try #require(page.hidden("revision"))
        )
        let merged = try await browser.send(
            browser.post(
                String(location), [("revision", current), ("do", "merge"), ("same", "Ben")]))
        #expect(merged.status == 303)
        page = try await browser.load(try #require(merged.fields["location"]))
        #expect(page.text.contains("<h1><bdi>Ben</bdi></h1>"))
        try await visit.end()
    }

    @Test("A missed face can be given by a box, or by a press and a size")
    func drawing() async throws {
        let visit = try await Visit()
        let browser = try await Browser(at: visit.address)
        let missed = try await browser.load("/missed")
        let photo = try #require(missed.all("href=\"/draw/").first)
        var revision = try #require(try await browser.load("/draw/\(photo)").hidden("revision"))
        for place in [
            [("box", "0.1 0.1 0.3 0.4"), ("do", "save")],
            [("box", ""), ("centre.x", "40"), ("centre.y", "20"), ("size", "0.2")],
        ] {
            let answer = try await browser.send(
                browser.post(
                    "/draw/\(photo)", [("revision", revision), ("name", "Anna")] + place))
            #expect(answer.status == 303, "\(place)")
            let page = try await browser.load("/photo/\(photo)")
            revision = try #require(try await browser.load("/draw/\(photo)").hidden("revision"))
            #expect(page.text.contains("Anna"))
        }
        #expect(visit.decisions.count == 2)
        let empty = try await browser.send(
            browser.post("/draw/\(photo)", [("revision", revision), ("name", "Anna"), ("box", "")]))
        #expect(empty.status == 422 && empty.text.contains("no box"))
        try await visit.end()
    }

    @Test("The plan is shown, carried out and undone", .timeLimit(.minutes(20)))
    func sorting() async throws {
        let visit = try await Visit()
        let browser = try await Browser(at: visit.address)
        let (number, form, faces) = try await largest(browser)
        _ = try await browser.send(
            browser.post("/group/\(number)", form + [("name", "Zoë")]))
        func page(_ address: String, until words: String) async throws -> Answer {
            for _ in 0..<600 {
                let page = try await browser.load(address)
                if page.text.contains(words) { return page }
                try await Task.sleep(for: .milliseconds(100))
            }
            return try await browser.load(address)
        }
        let plan = try await page("/plan", until: "What sorting will do")
        #expect(plan.text.contains("<bdi>Zoë</bdi>"))
        #expect(plan.text.contains("+\(faces.count)"))
        #expect(try await browser.send(browser.post("/sort", [("do", "sort")])).status == 303)
        let sorted = try await page("/sort", until: "Undo this run")
        #expect(sorted.text.contains("Sorted"))
        let folder = visit.album.appending("Zoë").string
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder).count == faces.count)
        let run = try #require(sorted.hidden("run"))
        #expect(try await browser.send(browser.post("/undo", [("run", run)])).status == 303)
        #expect(try await browser.load("/sort").text.contains("Undone"))
        #expect(!FileManager.default.fileExists(atPath: folder))
        #expect(visit.decisions.count == 1)
        try await visit.end()
    }
}
