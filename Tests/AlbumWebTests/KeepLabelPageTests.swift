import AlbumKit
import Foundation
import TestSupport
import Testing

@testable import AlbumWeb

@Suite("The page of keep label", .timeLimit(.minutes(20)))
struct KeepLabelPageTests {
    /// Presses a button of the page at `address`, and loads what comes next.
    private func press(
        _ button: String, on page: Answer, _ browser: Browser
    ) async throws -> Answer {
        let photo = try #require(page.all("action=\"/photo/").first)
        let sent = try await browser.send(browser.post("/photo/\(photo)", [("do", button)]))
        #expect(sent.status == 303)
        return try await browser.load(#require(sent.fields["location"]))
    }

    @Test("Photos come one by one, are kept, discarded, postponed; the last answer is undone")
    func answers() async throws {
        let scene = try KeepScene(count: 4)
        let visit = try await KeepLabelVisit(scene)
        let browser = visit.browser
        var page = try await browser.load("/")
        #expect(page.text.contains("100.png") && page.text.contains("0 kept, 0 discarded, 4 to go"))
        #expect(page.hidden("photo") == nil)
        #expect(!page.text.contains(scene.folder.path.string))
        let picture = try await browser.load(
            "/photo-picture/\(#require(page.all("action=\"/photo/").first)).jpg?size=large")
        #expect(picture.body.starts(with: [0xFF, 0xD8]))

        page = try await press("keep", on: page, browser)
        #expect(page.text.contains("101.png") && page.text.contains("1 kept, 0 discarded, 3 to go"))
        page = try await press("discard", on: page, browser)
        #expect(page.text.contains("102.png") && page.text.contains("1 kept, 1 discarded, 2 to go"))
        page = try await press("later", on: page, browser)
        #expect(page.text.contains("103.png") && page.text.contains("2 to go"))
        #expect(scene.choices.count == 2)

        // Undo shows the photo again; sent twice it takes back one answer.
        let last = try #require(page.hidden("photo"))
        for _ in 1...2 {
            let undone = try await browser.send(browser.post("/undo", [("photo", last)]))
            #expect(undone.fields["location"] == "/photo/\(last)")
        }
        page = try await browser.load("/photo/\(last)")
        #expect(page.text.contains("101.png") && page.text.contains("1 kept, 0 discarded, 3 to go"))
        #expect(!page.text.contains("badge"))
        page = try await press("keep", on: page, browser)
        #expect(try await browser.load("/photo/\(last)").text.contains("Kept</span>"))

        // Postponed photos come again, and in the end it says how to go on.
        page = try await press("later", on: page, browser)
        page = try await press("discard", on: page, browser)
        #expect(page.text.contains("102.png"))
        page = try await press("discard", on: page, browser)
        #expect(page.text.contains("All 4 photos are labelled"))
        #expect(page.text.contains("23 more to keep and 23 more to discard"))
        #expect(page.hidden("photo") != nil)
        for address in ["/photo/0123456789abcdef", "/duplicates", "/people", "/move", "/label"] {
            #expect(try await browser.load(address).status == 404, "\(address)")
        }
        try await visit.end()
    }

    @Test("It continues where it stopped, and says when there is enough to learn from", .slow)
    func resumes() async throws {
        let scene = try KeepScene(count: 52)
        let first = try await KeepLabelVisit(scene)
        var page = try await first.browser.load("/")
        for number in 0..<50 {
            #expect(!page.text.contains("Enough to learn from"))
            page = try await press(
                number.isMultiple(of: 2) ? "keep" : "discard", on: page, first.browser)
        }
        #expect(page.text.contains("Enough to learn from") && page.text.contains("keep train"))
        try await first.end()

        let second = try await KeepLabelVisit(scene)
        page = try await second.browser.load("/")
        #expect(page.text.contains("150.png"))
        #expect(page.text.contains("25 kept, 25 discarded, 2 to go"))
        // The answer before the break can be taken back too.
        let last = try #require(page.hidden("photo"))
        _ = try await second.browser.send(second.browser.post("/undo", [("photo", last)]))
        page = try await second.browser.load("/photo/\(last)")
        #expect(page.text.contains("149.png") && page.text.contains("24 discarded"))
        try await second.end()
    }

    @Test("Forms that no button sends, and strangers' forms, label nothing")
    func refused() async throws {
        let scene = try KeepScene(count: 2)
        let visit = try await KeepLabelVisit(scene)
        let browser = visit.browser
        let photo = try #require(try await browser.load("/").all("action=\"/photo/").first)
        for form in [[], [("do", "")], [("do", "delete")], [("keep", photo)]] {
            #expect(try await browser.send(browser.post("/photo/\(photo)", form)).status == 400)
        }
        #expect(
            try await browser.send(browser.post("/photo/0123456789abcdef", [("do", "keep")])).status
                == 404)
        #expect(try await browser.send(browser.post("/undo", [("photo", "x")])).status == 400)
        var foreign = browser.post("/photo/\(photo)", [("do", "keep")])
        foreign.set("Origin", "http://evil.example")
        #expect(try await browser.send(foreign).status == 403)
        #expect(scene.choices.isEmpty)
        try await visit.end()
    }
}
