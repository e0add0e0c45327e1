import Foundation
import SystemPackage
import Testing
import TestSupport

extension EndToEnd {
    /// The pages as a host uses them, in a real browser; how they look stays in
    /// `.build/browser-visit`.
    @Suite("A visit in the browser")
    struct BrowserVisitTests {
        @Test("A host names, takes out, merges, rejects, draws, sorts and undoes, with keys alone")
        func visit() throws {
            let event = try BrowserEvent()
            let pages = try ServedPages(of: event.event)
            let browser = try Browser()
            let album = try Gallery(browser)

            try browser.become(width: 1440, .light)
            try browser.open(pages.address)
            try browser.wait(for: "document.title.startsWith('Review')")
            #expect(try browser.text("h1") == "3 people still have no name")
            try album.keep("1-start")

            // One form names a group, and the next is there with the field focused.
            try browser.open(pages.root + "/")
            try browser.type("n")
            try browser.wait(for: "document.activeElement?.id === 'name'")
            let first = try browser.path
            try album.keep("2-group")
            try browser.open(pages.root + first)
            try browser.type("Zoë" + Browser.Key.enter)
            try browser.wait(
                for: "location.pathname !== '\(first)' && document.activeElement?.id === 'name'")
            #expect(try browser.text(".notice").contains("5 faces are Zoë now."))

            // A face is taken out of the second group, with keys.
            let second = try browser.path
            try browser.type(Browser.Key.escape)
            try browser.type(Browser.Key.right)
            try browser.type(Browser.Key.space)
            #expect(try browser.count(".faces input:checked") == 1)
            #expect(try browser.text("[data-count-out]") == "1 taken out")
            try browser.type("n")
            try browser.type("Ólafur Þórðarson")
            try album.keep("3-taken-out", loadsAgain: false)
            try browser.press("#name")
            try browser.type(Browser.Key.enter)
            try browser.wait(for: "location.pathname !== '\(second)'")
            #expect(try browser.text(".notice").contains("1 was taken out"))

            // The third is named as somebody new, which is a mistake.
            try browser.wait(for: "document.activeElement?.id === 'name'")
            try browser.type("Zoe" + Browser.Key.enter)
            try browser.wait(
                for: "document.querySelector('.notice')?.textContent.includes('Zoe now')")
            try album.keep("4-after-naming")

            // The mistake is merged, undone and merged again.
            try browser.open(pages.root + "/people")
            try album.keep("5-people")
            let zoe = try #require(
                try browser.script(
                    """
                    return [...document.querySelectorAll('a[href^="/person/"]')]
                        .find(a => a.querySelector('bdi').textContent === 'Zoe').getAttribute('href')
                    """) as? String)
            for isSecond in [false, true] {
                try browser.open(pages.root + zoe)
                try browser.type("m")
                try browser.press("#same")
                try browser.type("Zoë" + Browser.Key.enter)
                try browser.wait(for: "document.querySelector('h1')?.textContent === 'Zoë'")
                if isSecond { break }
                try browser.press("h1")
                try browser.type("u")
                try browser.wait(
                    for: "document.querySelector('.notice')?.textContent.includes('Taken back')")
            }
            #expect(try browser.text(".lead").hasPrefix("8 photos"))
            try album.keep("6-person")

            // The mistake is corrected the other way: a face is selected and rejected.
            let person = try browser.path
            try browser.script("document.querySelector('.pick input').focus()")
            try browser.type(Browser.Key.space)
            try browser.wait(for: "document.querySelector('.tray').offsetParent !== null")
            try album.keep("7-selected", loadsAgain: false)
            try browser.script("document.querySelector('.pick input').focus()")
            try browser.type("x")
            try browser.wait(
                for: "document.querySelector('.notice')?.textContent.includes('not Zoë')")
            #expect(try browser.path == person)
            #expect(try browser.text(".lead").hasPrefix("7 photos"))

            // A face that no search found is drawn.
            try browser.type("a")
            try browser.wait(for: "document.title.startsWith('Missed faces')")
            try album.keep("8-missed")
            try browser.press("a[href^='/draw/']")
            try browser.wait(for: "document.title.startsWith('Add a missed face')")
            try browser.pull(on: ".draw .frame", from: (0.25, 0.2), to: (0.6, 0.8))
            #expect(try browser.count("rect.new") == 1)
            try album.keep("9-draw", loadsAgain: false)
            try browser.press("#for")
            try browser.type(Browser.Key.enter)
            try browser.wait(
                for: "document.querySelector('.notice')?.textContent.includes('The face you drew')")

            // Whole photo and back.
            try browser.script("document.querySelector('.pick input').focus()")
            try browser.type("p")
            try browser.wait(for: "document.querySelector('dialog.viewer').open")
            try album.keep("10-whole-photo", loadsAgain: false)
            try browser.type("p")
            try browser.wait(for: "!document.querySelector('dialog.viewer').open")

            // Sorted, and undone.
            try browser.open(pages.root + "/plan")
            try browser.wait(
                for: "document.querySelector('h1')?.textContent === 'What sorting will do'")
            try album.keep("11-plan")
            let before = try FileTree(ofAlbum: event.event.album)
            try browser.open(pages.root + "/plan")
            try browser.wait(for: "document.querySelector('.tray')")
            try browser.type("s")
            try browser.wait(for: "document.querySelector('h1')?.textContent === 'Sorted'")
            try album.keep("12-sorted")
            let sorted = try FileTree(ofAlbum: event.event.album)
            #expect(sorted.names(in: "Zoë").count == 8)
            #expect(sorted.names(in: "Ólafur Þórðarson").count == 2)
            try browser.type("u")
            try browser.wait(for: "document.querySelector('h1')?.textContent === 'Undone'")
            try album.keep("13-undone")
            try expectEqual(FileTree(ofAlbum: event.event.album), before)

            try pages.end(browser, album)
        }
    }
}

/// Anna is known; three strangers are in five, three and three photos; one photo shows nobody.
private struct BrowserEvent {
    let event: Event

    init() throws {
        event = try Event()
        try event.write(Event.portrait(0, 0), to: "people/Anna.jpg")
        for number in 1...3 {
            try event.write(Event.portrait(0, number), to: "photos/anna \(number).jpg")
        }
        for (person, count) in [("John_Simm", 5), ("John_Shimkus", 3), ("John_Schneider", 3)] {
            let folder = Event.samples + "/johns/" + person
            let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            let picture = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + names[0]))
            for number in 1...count {
                // The same face, in another photo.
                try event.write(
                    picture + Data("mark \(number)".utf8), to: "photos/\(person) \(number).jpg")
            }
        }
        let empty = PNGFile(width: 600, height: 400) { x, y in [x * 255 / 600, y * 255 / 400, 120] }
        try event.write(Data(empty.bytes), to: "photos/nobody.png")
        try event.program.run(event.sort, expecting: 0)
    }
}

/// A command that serves pages, while it runs.
final class ServedPages {
    let address: String
    let root: String
    private let program: StartedProgram

    init(of event: Event, _ arguments: [String] = ["review", "album"]) throws {
        program = try event.program.start(arguments + ["--json"])
        var told: String?
        let program = program
        _ = program.reached {
            guard program.output.hasSuffix("\n") else { return false }
            told = try?
                (JSONSerialization.jsonObject(with: Data(program.output.utf8))
                as? [String: String])?["url"]
            return true
        }
        address = try #require(told, "\(program.output)")
        root = String(address.prefix { $0 != "?" }.dropLast())
    }

    /// Ends the visit as Ctrl-C does.
    func end() throws -> ProgramRun {
        program.send(SIGINT)
        return program.ended()
    }

    /// Ends the visit; neither browser nor program may have complained.
    func end(_ browser: Browser, _ album: Gallery) throws {
        #expect(album.tooWide.isEmpty, "wider than the window: \(album.tooWide)")
        #expect(try browser.complaints().isEmpty)
        let run = try end()
        #expect(run.status == 0, "\(run.errors)")
    }
}

// What is moved into a bin, on the pages of `clean` and of `keep apply`.
extension Browser {
    /// - Parameter before: the photos, all of them.
    func moveThreePhotos(of event: Event, _ before: FileTree) throws {
        try type("s")
        try wait(for: "document.querySelector('h1')?.textContent === 'All clean'")
        #expect(try text(".notice b") == "3 photos are in ‘bin’.")
        #expect(try FileTree(of: event.photos).entries.count == before.entries.count - 3)
    }

    func undoMove(_ pages: ServedPages, of event: Event, _ before: FileTree) throws {
        try open(pages.root + "/move")
        try type("u")
        try wait(for: "document.querySelector('h1')?.textContent === 'Undone'")
        try expectEqual(FileTree(of: event.photos), before)
    }
}

/// The pages as they look, at two widths and in both colour schemes.
final class Gallery {
    private let browser: Browser
    private let folder: URL
    /// Pages that reach over the edge of a window, which has to be pushed about to read them.
    private(set) var tooWide: [String] = []

    init(_ browser: Browser) throws {
        self.browser = browser
        folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent(".build/browser-visit")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Keeps the page as it is now, then shows it again as it was.
    ///
    /// - Parameter loadsAgain: whether nothing on it is typed or marked.
    func keep(_ name: String, loadsAgain: Bool = true) throws {
        for width in [390, 1440] {
            for scheme in Browser.Scheme.allCases {
                let picture = try browser.picture(width: width, scheme)
                try picture.write(
                    to: folder.appendingPathComponent("\(name)-\(width)-\(scheme).png"))
            }
            // Not compared with the window's own width: on a phone that grows with its content.
            let needed = try browser.script("return document.documentElement.scrollWidth") as? Int
            if (needed ?? .max) > width { tooWide.append("\(name) at \(width)") }
        }
        try browser.become(width: 1440, .light)
    }
}
