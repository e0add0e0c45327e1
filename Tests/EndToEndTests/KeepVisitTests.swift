import Foundation
import SystemPackage
import TestSupport
import Testing

extension EndToEnd {
    /// The pages of `keep`, in a real browser; how they look stays in `.build/browser-visit`.
    @Suite("Saying what is worth keeping, in the browser")
    struct KeepVisitTests {
        @Test("An owner labels with keys, takes one back and carries on another day")
        func label() throws {
            let event = try Self.event(count: 4)
            let label = ["keep", "label", "photos", "--to", "bin"]
            let pages = try ServedPages(of: event, label)
            let browser = try Browser()
            let album = try Gallery(browser)
            try browser.become(width: 1440, .light)
            try browser.open(pages.address)
            let counts = "document.querySelector('.steps .num')?.textContent"
            try browser.wait(for: "\(counts) === '0 kept, 0 discarded, 4 to go'")
            let first = try browser.text("figcaption bdi")
            try album.keep("30-label")
            try browser.type("k")
            try browser.wait(for: "\(counts) === '1 kept, 0 discarded, 3 to go'")
            try browser.type("d")
            try browser.wait(for: "\(counts) === '1 kept, 1 discarded, 2 to go'")
            try browser.type("u")
            try browser.wait(for: "\(counts) === '1 kept, 0 discarded, 3 to go'")
            #expect(try browser.text("figcaption bdi") != first)
            // For later: the next one, with nothing said.
            let second = try browser.text("figcaption bdi")
            try browser.type("l")
            try browser.wait(
                for: "document.querySelector('figcaption bdi').textContent !== '\(second)'")
            #expect(try browser.complaints().isEmpty)
            #expect(try pages.end().status == 0)

            // Another day.
            let again = try ServedPages(of: event, label)
            try browser.open(again.address)
            try browser.wait(for: "\(counts) === '1 kept, 0 discarded, 3 to go'")
            for done in 2...4 {
                try browser.type("d")
                if done < 4 {
                    try browser.wait(
                        for: "\(counts) === '1 kept, \(done - 1) discarded, \(4 - done) to go'")
                }
            }
            try browser.wait(
                for: "document.querySelector('h1').textContent === 'All 4 photos are labelled'")
            try album.keep("31-labelled")
            try again.end(browser, album)
        }

        @Test("An owner overrules what was learnt, drops a photo from elsewhere, moves and undoes")
        func apply() throws {
            let event = try Self.event(count: 8)
            for number in 0..<60 {
                let folder = number.isMultiple(of: 2) ? "keep" : "discard"
                try event.write(
                    Data(PNGFile.blocks(1000 + number).bytes), to: "sorted/\(folder)/\(number).png")
            }
            try event.program.run(["keep", "label", "sorted", "--to", "bin"], expecting: 0)
            try event.program.run(["keep", "train", "sorted", "--to", "bin"], expecting: 0)
            let before = try FileTree(of: event.photos)

            let apply = ["keep", "apply", "photos", "--to", "bin"]
            let pages = try ServedPages(of: event, apply + ["--page"])
            let browser = try Browser()
            let album = try Gallery(browser)
            try browser.become(width: 1440, .light)
            try browser.open(pages.address)
            try browser.wait(for: "document.title.startsWith('Keep or discard')")
            #expect(try browser.text("h1") == "4 photos to discard")
            try album.keep("32-discard")

            // One is kept after all.
            try browser.script("document.querySelector('.switch input').focus()")
            try browser.type(Browser.Key.space)
            try browser.wait(
                for: "document.querySelector('#tray .main span').textContent === 'Move 3 photos'")
            #expect(try browser.text(".facts p") == "Kept by you")

            // Two from elsewhere are dropped on the list, one of them no photo.
            try Self.drop(on: browser, ["new.png": PNGFile.blocks(2001).bytes])
            try browser.wait(for: "location.pathname === '/dropped'")
            #expect(try browser.text("h1") == "1 new photo judged")
            #expect(try browser.text(".facts b").hasSuffix("% sure to discard"))
            try Self.drop(
                on: browser,
                ["text.txt": Array("some text".utf8), "more.png": PNGFile.blocks(2002).bytes])
            try browser.wait(for: "document.querySelectorAll('.alike > li').length === 3")
            try browser.wait(
                for:
                    "[...document.querySelectorAll('.alike img')].every(image => image.complete && image.naturalWidth)"
            )
            #expect(try browser.text("main").contains("It is no photo"))
            #expect(try browser.text("h1") == "2 new photos judged")
            try album.keep("33-dropped")

            try browser.open(pages.root + "/discard")
            try browser.moveThreePhotos(of: event, before)
            try album.keep("34-moved")
            try browser.undoMove(pages, of: event, before)

            try pages.end(browser, album)

            // The answers count in the plain command; the dropped files left nothing.
            let again = try event.program.run(apply, expecting: 0)
            #expect(again.output.contains("3 photos"), "\(again.output)")
            #expect(!again.output.contains("new.png"))
        }

        /// Pictures in `photos`, every other one dark.
        private static func event(count: Int) throws -> Event {
            let event = try Event()
            for number in 0..<count {
                try event.write(
                    Data(PNGFile.blocks(number).bytes), to: "photos/IMG_\(100 + number).png")
            }
            return event
        }

        /// Drops files on the page like a desktop.
        private static func drop(on browser: Browser, _ files: [String: [UInt8]]) throws {
            try browser.script(
                """
                const carried = new DataTransfer();
                for (const [name, bytes] of Object.entries(arguments[0]))
                    carried.items.add(new File([new Uint8Array(bytes)], name));
                for (const type of ['dragover', 'drop'])
                    document.body.dispatchEvent(
                        new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true }));
                """, files.mapValues { $0.map(Int.init) })
        }
    }
}
