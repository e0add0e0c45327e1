import FaceCore
import PhotoIndex
import AlbumKit
import Foundation
import TestSupport
import Testing

@testable import AlbumWeb

@Suite("Pages", .timeLimit(.minutes(20)))
struct PageTests {
    @Test("Every page is shown, and says what it is about")
    func everyPage() async throws {
        let visit = try await Visit()
        let browser = try await Browser(at: visit.address)
        let start = try await browser.load("/")
        #expect(start.status == 200)
        #expect(start.text.contains("3 people still have no name"))
        let group = try #require(start.all("href=\"/group/").first)
        let page = try await browser.load("/group/\(group)")
        #expect(page.text.contains("Who is this?"))
        let photo = try #require(page.all("href=\"/photo/").first?.prefix(16))
        let face = try #require(page.all("name=\"face\" value=\"").first)
        let people = try await browser.load("/people")
        let person = try #require(people.all("href=\"/person/").first)
        for (address, words) in [
            ("/groups", "3 groups without a name"), ("/doubts", "doubtful"),
            ("/more-doubts", "doubtful"),
            ("/people", "<bdi>Anna</bdi>"), ("/person/\(person)", "Merge with…"),
            ("/photo/\(photo)?face=\(face)&from=group-\(group)", "(outlined)"),
            ("/draw/\(photo)?for=\(person)", "Add a missed face"),
            ("/missed?for=\(person)", "nobody.png"), ("/sort", "Earlier runs"),
            ("/progress", "\"state\""),
        ] {
            let answer = try await browser.load(address)
            #expect(answer.status == 200, "\(address)")
            #expect(answer.text.contains(words), "\(address)")
        }
        for address in ["/face/\(face).jpg", "/photo-picture/\(photo).jpg?size=small"] {
            let picture = try await browser.load(address)
            #expect(picture.fields["content-type"] == "image/jpeg")
            #expect(picture.body.starts(with: [0xFF, 0xD8]))
            #expect(picture.fields["cache-control"]?.contains("private") == true)
        }
        for (address, type) in [
            ("/facesort.css", "text/css"), ("/enhance.js", "text/javascript"),
            ("/icon.svg", "image/svg+xml"),
        ] {
            let answer = try await browser.load(address)
            #expect(answer.fields["content-type"]?.hasPrefix(type) == true, "\(address)")
        }
        try await visit.end()
    }

    @Test("A file's name never escapes its place on a page")
    func escaping() async throws {
        let visit = try await Visit()
        let browser = try await Browser(at: visit.address)
        let start = try await browser.load("/")
        var texts = [start.text]
        for group in Set(start.all("href=\"/group/")) {
            let page = try await browser.load("/group/\(group)")
            texts.append(page.text)
            for photo in Set(page.all("href=\"/photo/").map { $0.prefix(16) }) {
                texts.append(try await browser.load("/photo/\(photo)").text)
            }
        }
        expectEscaped(texts, folder: visit.folder.path)
        try await visit.end()
    }

    @Test("Marks that end a text are escaped even with an accent after them")
    func accents() {
        #expect(
            PageText().escapeText("\"\u{301}<\u{20DD}&\u{301}'")
                == "&quot;\u{301}&lt;\u{20DD}&amp;\u{301}&#39;")
        #expect(PageText().escapeText("a\u{0}b\u{1B}c") == "a\u{FFFD}b\u{FFFD}c")
        #expect(PageText().escapeText("渡辺 さくら\n") == "渡辺 さくら\n")
    }

    @Test("Every reply forbids what no page needs")
    func protection() async throws {
        let visit = try await Visit()
        let browser = try await Browser(at: visit.address)
        var stranger = browser.get("/")
        stranger.set("Cookie", nil)
        for sent in [
            browser.get("/"), browser.get("/nowhere"), browser.get("/facesort.css"), stranger,
            browser.post("/undo", []), browser.get("/?token=\(visit.address.token)"),
        ] {
            let fields = try await browser.send(sent).fields
            let policy = try #require(fields["content-security-policy"])
            for rule in [
                "default-src 'none'", "script-src 'self'", "base-uri 'none'",
                "frame-ancestors 'none'", "form-action 'self'",
            ] {
                #expect(policy.contains(rule))
            }
            #expect(!policy.contains("unsafe") && !policy.contains("data:"))
            #expect(fields["x-content-type-options"] == "nosniff")
            #expect(fields["cross-origin-resource-policy"] == "same-origin")
            #expect(fields["cache-control"] == "no-store")
        }
        try await visit.end()
    }

    @Test("The address with the token lets a browser in; without it nobody gets in")
    func entry() async throws {
        let visit = try await Visit()
        let client = RawClient(port: visit.address.port)
        let host = "127.0.0.1:\(visit.address.port)"
        func ask(_ target: String, host: String, cookie: String? = nil) async throws -> Answer {
            let fields = cookie.map { [("Cookie", $0)] } ?? []
            let sent = Sent(target: target, host: host, fields: fields)
            return try #require(await blocking { client.send(sent.bytes) })
        }
        let first = try await ask("/?token=\(visit.address.token)", host: host)
        #expect(first.status == 303)
        #expect(first.fields["location"] == "/")
        let cookie = try #require(first.fields["set-cookie"])
        for word in ["HttpOnly", "SameSite=Strict", "Path=/"] { #expect(cookie.contains(word)) }
        #expect(!cookie.contains(visit.address.token))
        let pair = String(cookie.prefix { $0 != ";" })
        #expect(try await ask("/", host: host, cookie: pair).status == 200)
        #expect(
            try await ask("/", host: "localhost:\(visit.address.port)", cookie: pair).status == 200)
        let refused = try await ask("/", host: host)
        #expect(refused.status == 403)
        #expect(refused.text.contains("facesort review"))
        #expect(try await ask("/", host: "evil.example", cookie: pair).status == 403)
        try await visit.end()
    }

    @Test("A form is accepted from our page, by its origin or by the browser's statement")
    func origins() async throws {
        let visit = try await Visit()
        let browser = try await Browser(at: visit.address)
        var sent = browser.post("/sort", [("do", "stop")])
        #expect(try await browser.send(sent).status == 303)
        sent.set("Origin", "null")
        #expect(try await browser.send(sent).status == 403)
        sent.set("Sec-Fetch-Site", "same-origin")
        #expect(try await browser.send(sent).status == 303)
        sent.set("Origin", "http://evil.example")
        #expect(try await browser.send(sent).status == 403)
        try await visit.end()
    }

    @Test("HEAD is answered like GET, without the page")
    func head() async throws {
        let visit = try await Visit()
        let browser = try await Browser(at: visit.address)
        var sent = browser.get("/people")
        let page = try await browser.send(sent)
        sent.method = "HEAD"
        let head = try await browser.send(sent)
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(head.fields["content-length"] == String(page.body.count))
        try await visit.end()
    }

    @Test("An album moved away during a visit is reported as gone, and is not made again")
    func movedAlbum() async throws {
        let visit = try await Visit()
        let browser = try await Browser(at: visit.address)
        let scene = try await HostileTests.Scene(visit)
        try FileManager.default.moveItem(
            atPath: visit.album.string, toPath: visit.folder.appending("elsewhere").string)
        for answer in [try await browser.load("/"), try await browser.send(scene.answer)] {
            #expect(answer.text.contains("album is not there any more"))
            #expect(!answer.text.contains("Album is"), "a name was changed")
            #expect(!answer.text.contains("built again"))
        }
        #expect(!FileManager.default.fileExists(atPath: visit.album.string))
        try await visit.end()
    }

    @Test("A used port is reported, with what to do")
    func takenPort() async throws {
        let visit = try await Visit()
        let album = try Album(at: visit.album)
        let other = PageServer(
            review: try Review(of: album, environment: RunEnvironment([:])), album: album,
            port: visit.address.port, environment: [:])
        let error = await #expect(throws: AlbumError.self) {
            try await other.run(until: Interruption()) { _ in }
        }
        #expect(error?.reason == "is in use by another program")
        #expect(error?.remedy.contains("--port") == true)
        try await visit.end()
    }
}
