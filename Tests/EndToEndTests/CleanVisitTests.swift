import Foundation
import SystemPackage
import TestSupport
import Testing

extension EndToEnd {
    /// The pages of `clean`, in a real browser; how they look stays in `.build/browser-visit`.
    @Suite("Looking through what goes, in the browser")
    struct CleanVisitTests {
        @Test("An owner overrules, looks closely, moves and undoes, with keys alone")
        func visit() throws {
            let event = try Self.event()
            let clean = ["clean", "photos", "--to", "bin", "--duplicates", "--no-faces"]
            let pages = try ServedPages(of: event, clean + ["--page"])
            let browser = try Browser()
            let album = try Gallery(browser)
            let before = try FileTree(of: event.photos)

            try browser.become(width: 1440, .light)
            try browser.open(pages.address)
            try browser.wait(for: "document.title.startsWith('Clean up')")
            #expect(try browser.text("h1") == "Nearly the same, twice")
            #expect(try browser.text("#tray .main span") == "Move 4 photos")
            try album.keep("20-clean")

            // The best of three is sorted out: the next best takes its place at once.
            try browser.script(
                """
                const group = [...document.querySelectorAll('.group')]
                    .find(g => g.textContent.includes('three times'));
                group.id = 'three';
                group.querySelector('input[type=checkbox]').focus();
                """)
            try browser.type(Browser.Key.space)
            try browser.wait(
                for: "document.querySelector('#three').textContent.includes('the best of those')")
            #expect(try browser.count("#three :checked") == 1)
            #expect(try browser.text("#three .facts p").hasPrefix("Sorted out by you"))
            // Enter on a switch presses nothing.
            try browser.type(Browser.Key.enter)
            #expect(try browser.path == "/")
            try album.keep("21-overruled", loadsAgain: false)

            // In the large view the choice can be changed as well.
            try browser.script("document.querySelector('#three .pic').focus()")
            try browser.type(Browser.Key.enter)
            try browser.wait(for: "document.querySelector('dialog.viewer').open")
            try browser.wait(for: "document.querySelector('[data-out]').textContent === 'Keep'")
            try album.keep("22-closely", loadsAgain: false)
            try browser.type("x")
            try browser.wait(
                for: "document.querySelector('#three').textContent.includes('Kept by you')")
            try browser.wait(for: "document.querySelectorAll('#three :checked').length === 1")
            try browser.type(Browser.Key.escape)
            try browser.wait(for: "!document.querySelector('dialog.viewer').open")

            // A photo of the other list is kept, too.
            try browser.open(pages.root + "/no-faces")
            try album.keep("23-no-faces")
            try browser.open(pages.root + "/no-faces")
            try browser.script("document.querySelector('.switch input').focus()")
            try browser.type(Browser.Key.space)
            try browser.wait(
                for: "document.querySelector('#tray .main span').textContent === 'Move 3 photos'")

            // Without script the photo has a page of its own.
            let link = try #require(try browser.attribute("href", of: ".pic"))
            try browser.open(pages.root + link)
            try album.keep("24-photo")
            try browser.type(Browser.Key.escape)
            try browser.wait(for: "location.pathname === '/no-faces'")

            try browser.moveThreePhotos(of: event, before)
            try album.keep("25-moved")
            try browser.open(pages.root + "/duplicates")
            #expect(try browser.text("h1") == "No two are alike")
            try album.keep("26-nothing-left")
            try browser.undoMove(pages, of: event, before)

            try pages.end(browser, album)

            // The choices count in the plain command.
            let again = try event.program.run(clean, expecting: 0)
            #expect(again.output.contains("2 photos kept by you."), "\(again.output)")
            #expect(!again.output.contains("nobody.png"))
        }

        /// One picture three times as photos of their own, a copy of a photo, one of nobody.
        private static func event() throws -> Event {
            let event = try Event()
            let picture = try Event.portrait(0, 0)
            for number in 1...3 {
                try event.write(
                    picture + Data("mark \(number)".utf8),
                    to: number == 2
                        ? "photos/María-Fernanda de la Concepción Hernández-Wagner at the garden "
                            + "party in the rain, second try.jpg" : "photos/anna \(number).jpg")
            }
            try event.write(Event.portrait(1, 0), to: "photos/ben.jpg")
            try event.write(Event.portrait(1, 0), to: "photos/more/ben copy.jpg")
            let empty = PNGFile(width: 600, height: 400) { x, y in
                [x * 255 / 600, y * 255 / 400, 120]
            }
            try event.write(Data(empty.bytes), to: "photos/nobody.png")
            return event
        }
    }
}
