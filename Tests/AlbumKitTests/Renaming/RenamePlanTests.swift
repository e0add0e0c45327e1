@testable import PhotoIndex
@testable import FileLedger
import SystemPackage
import Testing

@testable import AlbumKit

@Suite struct RenamePlanTests {
    private func photo(
        _ stem: String, placed: String? = nil, suffix: String = ".jpg", sidecars: [String] = [],
        in folder: String = ""
    ) -> RenamablePhoto {
        RenamablePhoto(
            folder: FilePath(folder), stem: Array(stem.utf8), suffix: Array(suffix.utf8),
            name: FilePath.Component(placed ?? "IMG_1.jpg")!,  // A name.
            sidecars: sidecars.map { FilePath.Component($0)! },  // Names.
            placed: placed.flatMap { FilePath.Component($0) })
    }

    private func names(
        _ photos: [RenamablePhoto], others: [String] = [], traits: FileSystemTraits = .posix
    ) -> [String] {
        RenamePlan(
            photos, others: ["": others.compactMap { FilePath.Component($0) }], traits: traits
        ).names.map(\.photo.string)
    }

    @Test("Equal names are numbered in the order of the photos")
    func numbers() {
        #expect(
            names([photo("Anna"), photo("Ben"), photo("Anna"), photo("Anna", suffix: ".png")])
                == ["Anna.jpg", "Ben.jpg", "Anna (2).jpg", "Anna.png"])
    }

    @Test("A file that has its name, numbered or not, keeps it, whatever comes before it")
    func alreadyNamed() {
        let photos = [
            photo("Anna", placed: "new.jpg"), photo("Anna", placed: "Anna (3).jpg"),
            photo("Anna", placed: "Anna.jpg"), photo("Anna", placed: "other.jpg"),
        ]
        #expect(
            names(photos) == ["Anna (2).jpg", "Anna (3).jpg", "Anna.jpg", "Anna (4).jpg"])
    }

    @Test("Other files keep their names, and each folder has names of its own")
    func others() {
        #expect(names([photo("Anna")], others: ["Anna.jpg"]) == ["Anna (2).jpg"])
        #expect(names([photo("Anna"), photo("Anna", in: "sub")]) == ["Anna.jpg", "Anna.jpg"])
    }

    @Test("Names that differ by case or Unicode form alone are numbered")
    func cases() {
        #expect(names([photo("anna"), photo("Anna")]) == ["anna.jpg", "Anna (2).jpg"])
        #expect(names([photo("caf\u{E9}"), photo("cafe\u{301}")])[1].hasSuffix(" (2).jpg"))
        #expect(names([photo("Anna")], others: ["ANNA.JPG"]) == ["Anna (2).jpg"])
    }

    @Test("A file beside a photo gets its name, and causes no collision")
    func sidecars() {
        let plan = RenamePlan(
            [
                photo("Anna", sidecars: ["IMG_1.xmp", "IMG_1.jpg.xmp", "IMG_1.MOV"]),
                photo("Anna", suffix: ".png", sidecars: ["IMG_1.xmp"]),
            ], others: [:], traits: .posix)
        #expect(
            plan.names[0].sidecars.map(\.string) == ["Anna.xmp", "Anna.jpg.xmp", "Anna.MOV"])
        #expect(plan.names[1].photo.string == "Anna (2).png")
        #expect(plan.names[1].sidecars.map(\.string) == ["Anna (2).xmp"])
    }

    @Test("If files beside a photo want one name, all but the first get a number")
    func oneName() {
        let sidecars = ["IMG_1.xmp", "img_1.XMP", "IMG_1.Xmp", "IMG_1.jpg.json", "IMG_1.jpg.JSON"]
        let photos = [photo("Anna", sidecars: sidecars)]
        let expected = [
            "Anna.xmp", "Anna.jpg.2.XMP", "Anna.jpg.3.Xmp", "Anna.jpg.json", "Anna.jpg.2.JSON",
        ]
        let plan = RenamePlan(photos, others: [:], traits: .posix)
        #expect(plan.names[0].sidecars.map(\.string) == expected)
        // The second time nothing changes.
        let named = photo("Anna", placed: "Anna.jpg", sidecars: expected)
        let again = RenamePlan([named], others: [:], traits: .posix)
        #expect(again.names[0].sidecars.map(\.string) == expected)
    }

    @Test("A name too long for the disk is cut, with room for its number and the files beside it")
    func longNames() {
        let long = String(repeating: "ä", count: 150)
        let plan = RenamePlan(
            [photo(long, sidecars: ["IMG_1.jpg.xmp"]), photo(long), photo(long)], others: [:],
            traits: .posix)
        for names in plan.names {
            for name in [names.photo] + names.sidecars {
                #expect(name.bytes.count <= 255)
                #expect(String(validating: name.bytes, as: UTF8.self) != nil)
            }
            #expect(names.photo.string.hasSuffix(".jpg"))
        }
        #expect(plan.names[0].sidecars == [FilePath.Component(plan.names[0].photo.string + ".xmp")])
        #expect(Set(plan.names.map(\.photo)).count == 3)
        #expect(plan.names[2].photo.string.contains("(2)"))
    }

    @Test("Hundreds of photos of one name are numbered")
    func many() {
        let found = names((0..<300).map { _ in photo("Anna") })
        #expect(found.last == "Anna (300).jpg")
    }
}

@Suite struct RenameOrderTests {
    private func order(
        _ moves: [(String, String)], traits: FileSystemTraits = .posix
    ) -> [String] {
        let moves = moves.enumerated().map {
            RenameOrder.Move(file: $0, from: FilePath($1.0), to: FilePath($1.1))
        }
        return RenameOrder(moves, traits: traits) { FilePath("(\($0))") }.moves.map {
            "\($0.from)>\($0.to)"
        }
    }

    @Test("A file that wants a name waits until it is free")
    func chain() {
        #expect(order([("a", "b"), ("b", "c"), ("x", "y")]) == ["b>c", "x>y", "a>b"])
    }

    @Test("In a circle one file makes way, and gets its name when the others have theirs")
    func circles() {
        #expect(order([("a", "b"), ("b", "a")]) == ["a>(a)", "b>a", "(a)>b"])
        #expect(
            order([("a", "b"), ("b", "c"), ("c", "a"), ("x", "z")])
                == ["x>z", "a>(a)", "c>a", "b>c", "(a)>b"])
    }

    @Test("A name that only changes its case takes a detour if the file system needs that")
    func cases() {
        #expect(order([("a", "A")]) == ["a>A"])
        var traits = FileSystemTraits.posix
        traits.isCaseSensitive = false
        #expect(order([("a", "A")], traits: traits) == ["a>(a)", "(a)>A"])
        #expect(order([("a", "B"), ("b", "c")], traits: traits) == ["b>c", "a>B"])
    }

    @Test("Any order of any names can be completed without overwriting a name", arguments: 1...20)
    func anyOrder(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let names = (0..<30).map { "\($0)" }
        let goals = names.shuffled(using: &random)
        var held = Set(names)
        for move in order(zip(names, goals).filter { $0 != $1 }.map { ($0, $1) }) {
            let parts = move.split(separator: ">").map(String.init)
            #expect(held.remove(parts[0]) != nil)
            #expect(held.insert(parts[1]).inserted, "\(move)")
        }
        #expect(held == Set(names))
    }
}

private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
