import Foundation
import SystemPackage
import Testing
import TestSupport

extension EndToEnd {
    @Suite("Naming the labelled event")
    struct NamingTests {
        /// Forms sent and faces marked, for each person in three photos or more.
        static let mostInteractions = 1.5

        @Test(
            "Everybody in three photos or more is named with 1.5 interactions each",
            .enabled(if: LabelledEventTests.isThere, "the labelled event is not beside the project")
        )
        func naming() throws {
            let truth = try Truth(LabelledEventTests.folder)
            let event = try Event()
            try event.program.run(
                [
                    "sort", LabelledEventTests.folder.appending("event").string, "--to", "album",
                    "--json",
                ], expecting: 3)
            let pages = try ServedPages(of: event)
            let browser = try Browser()
            try browser.become(width: 1440, .light)
            try browser.open(pages.address)
            var host = Host(browser, root: pages.root, truth: truth)
            try host.nameAll()
            try host.nameSingles()
            let wanted = truth.frequent
            let missing = wanted.subtracting(host.named).sorted()
            let each = Double(host.interactionCount) / Double(wanted.count)
            print(
                "naming: \(wanted.count) people in 3 photos or more, \(host.formCount) forms and "
                    + "\(host.markCount) marks, \(String(format: "%.2f", each)) for each; "
                    + "not named: \(missing)")
            #expect(each <= Self.mostInteractions)
            #expect(missing.isEmpty, "\(missing)")
            try host.waitUntilCompared()
            _ = try pages.end()
            try event.program.run(["sort", "--to", "album", "--json"], expecting: 3)
            let score = try EndToEndScore(set: LabelledEventTests.folder, album: event.album)
            print("naming, then sorted: \(score.line)")
            #expect(score["lost"] == 0)
            #expect(score["micro_f1"] >= 0.88)
        }
    }
}

/// Somebody who knows everybody, and uses the pages as they are meant to be used.
private struct Host {
    private let browser: Browser
    private let root: String
    private let truth: Truth
    private(set) var formCount = 0
    private(set) var markCount = 0
    private(set) var named: Set<String> = []

    var interactionCount: Int { formCount + markCount }

    init(_ browser: Browser, root: String, truth: Truth) {
        self.browser = browser
        self.root = root
        self.truth = truth
    }

    /// Goes through the groups until none is left.
    mutating func nameAll() throws {
        for _ in 0..<300 {
            try waitUntilCompared()
            try browser.open(root + "/")
            guard let group = try browser.attribute("href", of: "a.main[href^='/group/']") else {
                return
            }
            try browser.open(root + group)
            try settle()
        }
        Issue.record("there is no end of groups")
    }

    /// Names everybody who is still without a name, by one face each.
    mutating func nameSingles() throws {
        for person in truth.frequent.subtracting(named).sorted() where !named.contains(person) {
            try waitUntilCompared()
            guard let page = try photo(with: person) else { continue }
            try browser.open(page)
            try browser.press("input[data-first]")
            try browser.type(person + Browser.Key.enter)
            formCount += 1
            named.insert(person)
            try browser.wait(
                for: "document.querySelector('.notice')?.textContent.includes('now.')")
            // A single face may help to recognise others, and the rest make new groups.
            try nameAll()
        }
    }

    /// The address of a photo with somebody's face: among those seen seldom, left out, or taken for
    /// somebody else.
    private func photo(with person: String) throws -> String? {
        try browser.open(root + "/groups")
        if let page = try photo(with: person, among: "a.single-face") { return page }
        for other in named.sorted() {
            try browser.open(root + "/people")
            let link =
                try browser.script(
                    """
                    return [...document.querySelectorAll("a[href^='/person/']")]
                        .find(link => link.textContent.includes(arguments[0]))?.href
                    """, other) as? String
            guard let link else { continue }
            try browser.open(link)
            if let page = try photo(with: person, among: ".faces .whole") { return page }
        }
        return nil
    }

    private func photo(with person: String, among links: String) throws -> String? {
        guard let index = try faces(links).firstIndex(where: { truth.person(of: $0) == person })
        else { return nil }
        return try browser.script(
            "return document.querySelectorAll(arguments[0])[arguments[1]].href", links, index)
            as? String
    }

    /// Answers for the group that is seen.
    private mutating func settle() throws {
        let faces = try faces()
        let people = faces.map(truth.person)
        let counts = Dictionary(grouping: people.compactMap { $0 }, by: \.self).mapValues(\.count)
        let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        let before = try browser.path
        guard let most, truth.frequent.contains(most) else {
            try browser.press("button[value=no-guest]")
            formCount += 1
            return try browser.wait(for: "location.pathname !== '\(before)'")
        }
        for (index, person) in people.enumerated() where person != most {
            try browser.script(
                "document.querySelectorAll('.faces.out input')[arguments[0]].click()", index)
            markCount += 1
        }
        named.insert(most)
        try browser.press("#name")
        try browser.type(most + Browser.Key.enter)
        formCount += 1
        try browser.wait(for: "document.querySelector('.notice')?.textContent.includes('now.')")
    }

    private func faces(_ links: String = ".faces.out .whole") throws -> [Truth.Face] {
        let rows =
            try browser.script(
                """
                return [...document.querySelectorAll(arguments[0])].map(link =>
                    [link.dataset.caption, link.dataset.size, link.dataset.box])
                """, links) as? [[String]] ?? []
        return rows.map { row in
            func numbers(_ text: String) -> [Double] {
                text.split(separator: " ").compactMap { Double($0) }
            }
            let (size, box) = (numbers(row[1]), numbers(row[2]))
            return Truth.Face(
                photo: row[0].components(separatedBy: " · ")[0],
                left: box[0] * size[0], top: box[1] * size[1],
                right: (box[0] + box[2]) * size[0], bottom: (box[1] + box[3]) * size[1])
        }
    }

    /// A host takes longer to type a name than facesort takes to compare the faces again.
    func waitUntilCompared() throws {
        for _ in 0..<600 {
            let state =
                try browser.script(
                    """
                    const ask = new XMLHttpRequest();
                    ask.open('GET', '/progress', false);
                    ask.send();
                    return JSON.parse(ask.responseText).state
                    """) as? String
            if state == "rest" { return }
            usleep(100_000)
        }
    }
}

/// Who is where in the labelled event.
private struct Truth {
    struct Face {
        let photo: String
        let left: Double
        let top: Double
        let right: Double
        let bottom: Double

        /// Intersection over union.
        func overlap(with other: Face) -> Double {
            let width = min(right, other.right) - max(left, other.left)
            let height = min(bottom, other.bottom) - max(top, other.top)
            guard width > 0, height > 0 else { return 0 }
            return width * height / (area + other.area - width * height)
        }

        private var area: Double { (right - left) * (bottom - top) }
    }

    private var faces: [String: [(face: Face, person: String)]] = [:]
    /// Those in three photos or more.
    let frequent: Set<String>

    init(_ folder: FilePath) throws {
        let text = try String(contentsOfFile: folder.appending("boxes.csv").string, encoding: .utf8)
        var photos: [String: Set<String>] = [:]
        for line in text.split(whereSeparator: \.isNewline).dropFirst() {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
                .map(String.init)
            let sides = fields[1...4].compactMap { Double($0) }
            guard sides.count == 4, !fields[5].isEmpty else { continue }
            let face = Face(
                photo: fields[0].precomposedStringWithCanonicalMapping, left: sides[0],
                top: sides[1], right: sides[2], bottom: sides[3])
            faces[face.photo, default: []].append((face, fields[5]))
            photos[fields[5], default: []].insert(face.photo)
        }
        try #require(!faces.isEmpty, "there are no faces in boxes.csv")
        frequent = Set(photos.filter { $0.value.count >= 3 }.map(\.key))
    }

    /// The person of a found face; `nil` without one.
    func person(of face: Face) -> String? {
        let here = faces[face.photo.precomposedStringWithCanonicalMapping] ?? []
        let best = here.map { ($0.face.overlap(with: face), $0.person) }.max { $0.0 < $1.0 }
        return best.flatMap { $0.0 >= Self.leastOverlap ? $0.1 : nil }
    }

    /// Boxes that people drew are larger than those a detector finds.
    private static let leastOverlap = 0.25
}
