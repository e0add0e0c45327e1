import PhotoIndex
import AlbumKit
import Foundation
import TestSupport
import Testing

@testable import AlbumWeb

@Suite("The pages of keep apply", .timeLimit(.minutes(20)))
struct KeepApplyPageTests {
    @Test("Each list is shown with its count, and how sure it is in words", .slow)
    func lists() async throws {
        let visit = try await KeepApplyVisit()
        let browser = visit.browser
        let start = try await browser.load("/")
        #expect(
            start.text.contains("photos to discard") && start.text.contains("% sure to discard"))
        for tab in ["Discard <span", "Look <span", "Keep <span"] {
            #expect(start.text.contains(tab), "\(tab)")
        }
        #expect(try await browser.load("/keep").text.contains("% sure to keep"))
        #expect(!start.text.contains(visit.scene.folder.path.string))
        let photo = try #require(start.all("name=\"photo\" value=\"").first)
        #expect(
            try await browser.load("/photo/\(photo)?tab=discard").text.contains("#keep-\(photo)"))
        #expect(
            try await browser.load("/photo-picture/\(photo).jpg").body.starts(with: [0xFF, 0xD8]))
        for address in ["/photo/0123456789abcdef", "/duplicates", "/people", "/nowhere"] {
            #expect(try await browser.load(address).status == 404, "\(address)")
        }
        try await visit.end()
    }

    @Test("A choice is a label that counts more than what was learnt, from then on", .slow)
    func overrules() async throws {
        let visit = try await KeepApplyVisit()
        let browser = visit.browser
        let page = try await browser.load("/discard")
        let photo = try #require(page.all("name=\"photo\" value=\"").first)
        let before = visit.scene.choices.count
        let saved = try await browser.send(
            browser.post("/discard", [("photo", photo), ("keep", photo), ("page", "1")]))
        #expect(saved.status == 303 && visit.scene.choices.count == before + 1)
        let after = try await browser.load("/discard")
        #expect(after.text.contains("Kept by you"))
        let count = page.all("name=\"photo\" value=\"").count
        #expect(after.text.contains("Move \(count - 1) photos"))

        // A page loaded before the choice moves nothing.
        let revision = try #require(page.hidden("revision"))
        let stale = try await browser.send(
            browser.post("/discard", [("do", "move"), ("revision", revision)]))
        #expect(
            try await browser.load(#require(stale.fields["location"])).text
                .contains("Nothing was moved yet."))

        // The choice is taken back, and that is undone.
        let back = try await browser.send(browser.post("/discard", [("do", "suggested")]))
        let notice = try await browser.load(#require(back.fields["location"]))
        #expect(notice.text.contains("1 choice is taken back.") && !notice.text.contains("by you"))
        let fields = ["choices", "keep", "out"].flatMap { name in
            notice.all("<input type=\"hidden\" name=\"\(name)\" value=\"").map { (name, $0) }
        }
        _ = try await browser.send(browser.post("/undo", fields))
        #expect(try await browser.load("/discard").text.contains("Kept by you"))
        try await visit.end()

        // Another run of the program finds it among those to keep.
        let again = try await KeepApplyVisit(visit.scene)
        #expect(try await again.browser.load("/keep").text.contains("Kept by you"))
        #expect(
            try await !again.browser.load("/discard").all("name=\"photo\" value=\"")
                .contains(photo))
        try await again.end()
    }

    @Test("Photos to discard are moved, and come back", .slow)
    func moves() async throws {
        let visit = try await KeepApplyVisit()
        let browser = visit.browser
        let before = visit.scene.files("photos")
        let page = try await browser.load("/discard")
        let count = page.all("name=\"photo\" value=\"").count
        let revision = try #require(page.hidden("revision"))
        let sent = try await browser.send(
            browser.post("/discard", [("do", "move"), ("revision", revision)]))
        #expect(sent.fields["location"] == "/move")
        while try await browser.load("/progress").text.contains("moving") {
            try await Task.sleep(for: .milliseconds(20))
        }
        let moved = try await browser.load("/move")
        #expect(moved.text.contains("\(count) photos are in ‘bin’."))
        #expect(visit.scene.files("bin").count == count)
        #expect(visit.scene.files("bin").allSatisfy { $0.hasPrefix("discard/") })
        #expect(try await browser.load("/discard").text.contains("Nothing to discard"))
        let run = try #require(moved.hidden("run"))
        #expect(try await browser.send(browser.post("/undo", [("run", run)])).status == 303)
        #expect(try await browser.load("/move").text.contains("\(count) files are back"))
        #expect(visit.scene.files("photos") == before && visit.scene.files("bin").isEmpty)
        try await visit.end()
    }

    // MARK: Files from elsewhere

    @Test("A file from elsewhere is judged like the others, and leaves no trace", .slow)
    func dropped() async throws {
        let visit = try await KeepApplyVisit()
        let browser = visit.browser
        let before = visit.scene.everything
        #expect(try await browser.load("/").text.contains("From elsewhere"))
        for (number, words) in [(2000, "% sure to keep"), (2001, "% sure to discard")] {
            let sent = try await browser.send(
                browser.drop(PNGFile.blocks(number).bytes, named: "new <\(number)>.png"))
            #expect(sent.status == 303 && sent.fields["location"] == "/dropped")
            let page = try await browser.load("/dropped").text
            #expect(page.contains(words), "\(number)")
            #expect(page.contains("new &lt;\(number)&gt;.png"))
        }
        let page = try await browser.load("/dropped")
        #expect(page.text.contains("2 new photos judged"))
        // The newest first, each with its picture.
        let pictures = page.all("<img src=\"")
        #expect(pictures.count == 2)
        for picture in pictures {
            #expect(try await browser.load(picture).body.starts(with: [0xFF, 0xD8]))
        }
        #expect(visit.scene.everything == before)
        #expect(try await browser.load("/discard").status == 200)
        try await visit.end()
        // The catalogue is one file again by now.
        #expect(
            visit.scene.everything.filter { !$0.key.contains("catalogue") }
                == before.filter { !$0.key.contains("catalogue") })
    }

    @Test("A photo's label counts when the photo is dropped again", .slow)
    func droppedAgain() async throws {
        let visit = try await KeepApplyVisit()
        let browser = visit.browser
        let page = try await browser.load("/discard")
        let photo = try #require(page.all("name=\"photo\" value=\"").first)
        _ = try await browser.send(
            browser.post("/discard", [("photo", photo), ("keep", photo), ("page", "1")]))
        for number in 0..<70 {
            _ = try await browser.send(
                browser.drop(PNGFile.blocks(number).bytes, named: "\(number).png"))
        }
        let judged = try await browser.load("/dropped").text
        #expect(judged.contains("Kept by you"))
        #expect(judged.components(separatedBy: "Already among your photos").count == 71)
        try await visit.end()
    }

    @Test(
        "Files that are not photos get a reason, and the next one is judged as well", .slow)
    func droppedOthers() async throws {
        let visit = try await KeepApplyVisit()
        let browser = visit.browser
        let before = visit.scene.everything
        let cut = Array(PNGFile.blocks(2).bytes.prefix(60))
        for (bytes, name) in [
            (Array("some text".utf8), "notes.txt"), ([], "empty.jpg"), (cut, "cut.png"),
            (Array("../../etc".utf8), "../../etc/passwd"), (Array(cut.prefix(9)), "a/b.heic"),
        ] {
            let sent = try await browser.send(browser.drop(bytes, named: name))
            #expect(sent.status == 303, "\(name)")
            let page = try await browser.load("/dropped").text
            #expect(page.contains("<bdi>\(name)</bdi>") && !page.contains("% sure"), "\(name)")
        }
        _ = try await browser.send(browser.drop(PNGFile.blocks(2002).bytes, named: "2002.png"))
        #expect(try await browser.load("/dropped").text.contains("% sure to keep"))
        #expect(visit.scene.everything == before)
        try await visit.end()
    }

    @Test("A file that is too large, has no name or has another type is refused")
    func refusedFiles() async throws {
        let visit = try await KeepApplyVisit()
        let browser = visit.browser
        let honest = browser.drop(PNGFile.blocks(2000).bytes, named: "a.png")
        var requests: [(Int, Sent)] = []
        var large = honest
        large.bodyLength = "\(PageResponder.maximumFileByteCount + 1)"
        requests.append((413, large))
        for target in [
            "/dropped", "/dropped?name=", "/dropped?name=%20",
            "/dropped?name=" + String(repeating: "a", count: 256),
        ] {
            var nameless = honest
            nameless.target = target
            requests.append((400, nameless))
        }
        var form = honest
        form.set("Content-Type", "application/x-www-form-urlencoded")
        requests.append((415, form))
        var foreign = honest
        foreign.set("Origin", "http://evil.example")
        requests.append((403, foreign))
        var elsewhere = honest
        elsewhere.target = "/discard?name=a.png"
        requests.append((415, elsewhere))
        for (status, request) in requests {
            #expect(try await browser.send(request).status == status, "\(request.target)")
        }
        #expect(try await !browser.load("/dropped").text.contains(" judged</h1>"))
        try await visit.end()
    }
}
