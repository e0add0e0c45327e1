import AlbumKit
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumWeb

@Suite("Pages of clean", .timeLimit(.minutes(20)))
struct CleanPageTests {
    @Test("Only the lists asked for are shown, with their counts; pictures are JPEG")
    func lists() async throws {
        let visit = try await CleanVisit()
        let browser = try await Browser(at: visit.address)
        let start = try await browser.load("/")
        #expect(start.text.contains("Nearly the same, twice"))
        for words in ["One picture, three times", "Two files with the same bytes", "had trouble"] {
            #expect(start.text.contains(words), "\(words)")
        }
        #expect(start.text.contains("Alike <span class=\"num\">2</span>"))
        #expect(start.text.contains("No faces <span class=\"num\">1</span>"))
        #expect(!start.text.contains("Others <span"))
        #expect(!start.text.contains("<nav"))
        #expect(try await browser.load("/no-faces").text.contains("nobody.png"))
        #expect(try await browser.load("/blurred").text.contains("No photo is blurred"))
        for address in ["/others", "/people", "/plan", "/sort", "/groups", "/doubts"] {
            #expect(try await browser.load(address).status == 404, "\(address)")
        }
        #expect(try await browser.load("/move").fields["location"] == "/")
        let photo = try #require(start.all("name=\"photo\" value=\"").first)
        for size in ["", "?size=small", "?size=large"] {
            let picture = try await browser.load("/photo-picture/\(photo).jpg\(size)")
            #expect(picture.fields["content-type"] == "image/jpeg")
            #expect(picture.body.starts(with: [0xFF, 0xD8]))
        }
        let page = try await browser.load("/photo/\(photo)?tab=duplicates")
        #expect(page.status == 200 && page.text.contains("#keep-\(photo)"))
        for address in [
            "/photo/0123456789abcdef", "/photo-picture/0123456789abcdef.jpg", "/face/\(photo).jpg",
            "/photo-picture/\(photo).jpg?size=huge",
        ] {
            #expect(try await browser.load(address).status == 404, "\(address)")
        }
        try await visit.end()
    }

    @Test("A file's name never escapes its place on a page")
    func escaping() async throws {
        let visit = try await CleanVisit()
        let browser = try await Browser(at: visit.address)
        let start = try await browser.load("/duplicates")
        var texts = [start.text]
        for photo in start.all("name=\"photo\" value=\"") {
            texts.append(try await browser.load("/photo/\(photo)").text)
        }
        expectEscaped(texts, folder: visit.folder.path)
        try await visit.end()
    }

    @Test("A form without script saves exactly what was changed on it")
    func saves() async throws {
        let visit = try await CleanVisit()
        let browser = try await Browser(at: visit.address)
        let page = try await browser.load("/duplicates")
        let photos = page.all("name=\"photo\" value=\"")
        let kept = page.all("name=\"kept\" value=\"")
        #expect(photos.count == 4 && kept.count == 2)
        let other = try #require(photos.first { !kept.contains($0) })
        let shown = photos.map { ("photo", $0) } + kept.map { ("kept", $0) }
        let saved = try await browser.send(
            browser.post(
                "/duplicates",
                shown + (kept + [other]).map { ("keep", $0) } + [("do", "save"), ("page", "1")]))
        #expect(saved.status == 303 && saved.fields["location"] == "/duplicates?page=1")
        let after = try await browser.load("/duplicates")
        #expect(after.text.contains("Kept by you"))
        #expect(after.all("name=\"kept\" value=\"").count == 3)
        #expect(visit.traces.count { $0.contains("\"choice\":\"keep\"") } == 1)

        // A change that was never shown is saved, and nothing is moved.
        let revision = try #require(after.hidden("revision"))
        let moved = try await browser.send(
            browser.post(
                "/duplicates", shown + [("do", "move"), ("revision", revision), ("keep", kept[0])]))
        let told = try await browser.load(#require(moved.fields["location"]))
        #expect(told.text.contains("Nothing was moved yet."))
        #expect(visit.files("bin").isEmpty)

        // The choice is taken back, and that is undone.
        let back = try await browser.send(browser.post("/duplicates", [("do", "suggested")]))
        let notice = try await browser.load(#require(back.fields["location"]))
        #expect(notice.text.contains("2 choices are taken back."))
        #expect(!notice.text.contains("by you"))
        let fields = ["choices", "keep", "out"].flatMap { name in
            notice.all("<input type=\"hidden\" name=\"\(name)\" value=\"").map { (name, $0) }
        }
        #expect(try await browser.send(browser.post("/undo", fields)).status == 303)
        #expect(try await browser.load("/duplicates").text.contains("by you"))
        try await visit.end()
    }

    @Test("Shown photos are moved, undone, and moved again; a changed file is reported")
    func moves() async throws {
        let visit = try await CleanVisit()
        let browser = try await Browser(at: visit.address)
        let before = visit.files("photos")
        func move() async throws -> Answer {
            let page = try await browser.load("/duplicates")
            let revision = try #require(page.hidden("revision"))
            let sent = try await browser.send(
                browser.post("/duplicates", [("do", "move"), ("revision", revision)]))
            #expect(sent.fields["location"] == "/move")
            try await visit.waitUntilMoved(browser)
            return try await browser.load("/move")
        }
        let moved = try await move()
        #expect(moved.text.contains("4 photos are in ‘bin’."))
        #expect(visit.files("bin").count == 4 && visit.files("photos").count == before.count - 4)
        #expect(try await browser.load("/duplicates").text.contains("No two are alike"))
        let run = try #require(moved.hidden("run"))
        #expect(try await browser.send(browser.post("/undo", [("run", run)])).status == 303)
        #expect(try await browser.load("/move").text.contains("4 files are back"))
        #expect(visit.files("photos") == before && visit.files("bin").isEmpty)

        try visit.folder.write(Data("changed".utf8), to: "photos/more/salley copy.jpg")
        let almost = try await move()
        #expect(almost.text.contains("1 file was not moved.") && almost.text.contains("alert"))
        #expect(almost.text.contains("salley copy.jpg") && almost.text.contains("Undo the 3"))
        #expect(visit.files("bin").count == 3)
        // A page of another site, or a stranger, moves nothing.
        let revision = try #require(try await browser.load("/duplicates").hidden("revision"))
        var foreign = browser.post("/duplicates", [("do", "move"), ("revision", revision)])
        foreign.set("Origin", "http://evil.example")
        #expect(try await browser.send(foreign).status == 403)
        foreign.set("Origin", "http://" + browser.host)
        foreign.set("Cookie", "facesort-\(visit.address.port)=" + String(repeating: "0", count: 32))
        let refused = try await browser.send(foreign)
        #expect(refused.status == 403 && refused.text.contains("facesort clean"))
        try await visit.end()
    }
}
