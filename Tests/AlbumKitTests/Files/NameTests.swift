@testable import PhotoIndex
@testable import FileLedger
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// What an exFAT stick can do.
private let stick: FileSystemTraits = {
    var traits = FileSystemTraits.posix
    traits.isCaseSensitive = false
    traits.takesInvalidUTF8 = false
    traits.takesWindowsReserved = false
    traits.modificationGranularity = 2_000_000_000
    return traits
}()

@Suite struct AlbumNameTests {
    @Test("A name that the disk accepts is not changed", arguments: oddNames)
    func unchanged(name: FilePath.Component) {
        let fitting = AlbumName.fitting(name, traits: .posix)
        #expect(fitting.name.bytes == name.bytes)
        #expect(fitting.change == nil)
    }

    @Test(
        "Signs that a stick does not accept are replaced, and the change is reported",
        arguments: [
            ("a:b?.jpg", "a_b_.jpg"), ("ends with dot.", "ends with dot_"), ("x ", "x_"),
            ("tab\there.jpg", "tab_here.jpg"), ("back\\slash.jpg", "back_slash.jpg"),
        ] as [(FilePath.Component, FilePath.Component)])
    func replaced(original: FilePath.Component, expected: FilePath.Component) {
        let fitting = AlbumName.fitting(original, traits: stick)
        #expect(fitting.name == expected)
        #expect(fitting.change == "characters that this disk does not take became '_'")
    }

    @Test("A name that is not text becomes text if the disk needs that")
    func invalidText() {
        let fitting = AlbumName.fitting(name([0x49, 0xFF, 0x2E, 0x6A, 0x70, 0x67]), traits: stick)
        #expect(fitting.name == "I_.jpg")
        #expect(fitting.change == "bytes that are no text became '_'")
    }

    @Test(
        "A device's name gets an extra sign if the disk reserves it, in small or capital letters",
        arguments: [
            ("aux.jpg", "aux_.jpg"), ("CON.JPG", "CON_.JPG"), ("com1.tar.jpg", "com1_.tar.jpg"),
            ("Nul", "Nul_"), ("lpt9 .jpg", "lpt9 _.jpg"), ("auxiliary.jpg", "auxiliary.jpg"),
            ("my aux.jpg", "my aux.jpg"), ("com10.jpg", "com10.jpg"),
        ] as [(FilePath.Component, FilePath.Component)])
    func devices(original: FilePath.Component, expected: FilePath.Component) {
        var traits = FileSystemTraits.posix
        #expect(AlbumName.fitting(original, traits: traits).name == original)
        traits.takesDeviceNames = false
        let fitting = AlbumName.fitting(original, traits: traits)
        #expect(fitting.name == expected)
        #expect((fitting.change == nil) == (original == expected))
        // Bytes that are no text stay what they are.
        let odd = name([0x61, 0x75, 0x78, 0xFF])
        #expect(AlbumName.fitting(odd, traits: traits).name == odd)
    }

    @Test("A name like those of our temporary files is changed")
    func ownNames() {
        #expect(AlbumName.fitting(".facesort-1-1", traits: .posix).name == "_facesort-1-1")
        #expect(AlbumName.fitting(".facesort", traits: .posix).name == "_facesort")
    }

    @Test("A long name is shortened before its extension and never within a character")
    func shortened() {
        var traits = FileSystemTraits.posix
        traits.longestName = 20
        let fitting = AlbumName.fitting("ééééééééééééé.jpeg", traits: traits)
        #expect(fitting.name == "ééééééé.jpeg")
        #expect(fitting.change == "shortened to what this disk takes")
    }

    @Test("A numbered name keeps its extension and the limit", arguments: oddNames)
    func numbered(original: FilePath.Component) {
        for number in [2, 10, 12345] {
            let numbered = AlbumName.numbered(original, number, traits: .posix)
            #expect(numbered.bytes.count <= 255)
            #expect(numbered.extension == original.extension)
            #expect(numbered != original)
        }
        #expect(AlbumName.numbered("IMG_0412.jpg", 2, traits: .posix) == "IMG_0412 (2).jpg")
        #expect(AlbumName.numbered(".jpg", 3, traits: .posix) == ".jpg (3)")
    }

    @Test(
        "Whatever the name, the result is taken by the disk and stays as it is", .slow,
        arguments: 1...200)
    func anyName(seed: Int) throws {
        var numbers = SplitMix64(seed: UInt64(seed))
        let alphabet: [UInt8] =
            Array("aZ.:*?\" \\é写👩\u{1}\u{7F}e\u{301}".utf8) + [0xFF, 0xC3, 0x80]
        let bytes = (0..<Int.random(in: 1...255, using: &numbers)).map { _ in
            alphabet.randomElement(using: &numbers)!  // The alphabet is not empty.
        }
        let original = name(bytes == [0x2E] || bytes == [0x2E, 0x2E] ? [0x61] : bytes)
        let fitting = AlbumName.fitting(original, traits: stick)
        #expect(String(validating: fitting.name) != nil)
        #expect(fitting.name.bytes.count <= 255)
        #expect(!fitting.name.bytes.contains { $0 < 0x20 || ":?*\"<>|\\".utf8.contains($0) })
        #expect((fitting.change == nil) == (fitting.name.bytes == original.bytes))
        #expect(AlbumName.fitting(fitting.name, traits: stick).change == nil)
    }
}

@Suite struct TakenNamesTests {
    @Test("The first file with a name keeps it, the others are numbered in order")
    func order() {
        var names = TakenNames(traits: .posix)
        names.insert("x (2).jpg")
        let claimed = (0..<4).map { _ in names.claim("x.jpg").string }
        #expect(claimed == ["x.jpg", "x (3).jpg", "x (4).jpg", "x (5).jpg"])
    }

    @Test(
        "Names that differ by case or Unicode form collide only if the disk treats them as one")
    func collisions() {
        let names: [FilePath.Component] = ["Caf\u{E9}.JPG", "cafe\u{301}.jpg", "CAFÉ.jpg"]
        var posix = TakenNames(traits: .posix)
        #expect(names.map { posix.claim($0).bytes } == names.map(\.bytes))
        var onStick = TakenNames(
            traits: {
                var traits = stick
                traits.isNormalisationSensitive = false
                return traits
            }())
        #expect(onStick.claim(names[0]) == names[0])
        #expect(onStick.claim(names[1]).string.hasSuffix(" (2).jpg"))
        #expect(onStick.claim(names[2]).string.hasSuffix(" (3).jpg"))
        onStick.remove(names[0])
        #expect(onStick.claim(names[2]) == names[2])
    }

    @Test(
        "However many claim like names, each gets one of its own within the limit", arguments: 1...5
    )
    func unique(seed: Int) {
        var numbers = SplitMix64(seed: UInt64(seed))
        var names = TakenNames(traits: stick)
        var keys: Set<[UInt8]> = []
        for _ in 0..<30 {
            let length = [1, 2, 255].randomElement(using: &numbers) ?? 1
            let letter = Bool.random(using: &numbers) ? UInt8(ascii: "a") : UInt8(ascii: "A")
            let claimed = names.claim(name(Array(repeating: letter, count: length)))
            #expect(claimed.bytes.count <= 255)
            #expect(keys.insert(AlbumName.collisionKey(claimed, traits: stick)).inserted)
        }
    }
}

@Suite struct FolderNameTests {
    @Test(
        "An ordinary name is its folder's name, composed",
        arguments: ["Anna", "Jos\u{65}\u{301}", "写真", "O'Neil", "Dr. No", "-rf"])
    func ordinary(person: String) throws {
        let folder = try FolderName.named(person)
        #expect(folder.name == person)
        #expect(folder.name.unicodeScalars.elementsEqual(person.normalised.unicodeScalars))
    }

    @Test(
        "A name that cannot be a folder is refused with the reason",
        arguments: [
            ("group", "'group' is one of the album's own folders"),
            ("Unknown", "'unknown' is one of the album's own folders"),
            ("UNREADABLE", "'unreadable' is one of the album's own folders"),
            ("..", "'..' means a folder to every program, not a person"),
            (".", "'.' means a folder to every program, not a person"),
            ("a/b", "a name with '/' would be a folder within a folder"),
            (".anna", "a name that begins with a dot would make a hidden folder"),
            ("", "the name is empty"), (" \t", "the name is empty"),
            ("ANNA", "'Anna' is already there, and many disks take the two for one name"),
            ("Rene\u{301}", "'RENÉ' is already there, and many disks take the two for one name"),
            ("strasse", "'Straße' is already there, and many disks take the two for one name"),
            ("Anna", "somebody else is called that already"),
        ])
    func refused(person: String, reason: String) {
        #expect(throws: FolderNameRefusal(name: person, reason: reason)) {
            try FolderName.named(person, taken: ["Anna", "RENÉ", "Straße"])
        }
    }

    @Test(
        "A name that some systems refuse is changed, and the change is reported",
        arguments: [("CON", "CON_"), ("nul.x", "nul_.x"), ("Com1", "Com1_"), ("a\nb", "a_b")])
    func changed(person: String, folder: String) throws {
        let named = try FolderName.named(person)
        #expect(named.name == folder)
        #expect(named.change != nil)
    }

    @Test("A long name is shortened to 200 bytes at a character's end")
    func long() throws {
        let named = try FolderName.named(String(repeating: "写", count: 100))
        #expect(named.name == String(repeating: "写", count: 66))
        #expect(named.change == "shortened")
    }

    @Test("Signs that a stick does not accept are replaced")
    func onStick() throws {
        #expect(try FolderName.named("Who?", traits: stick).name == "Who_")
        #expect(try FolderName.named("Who?").name == "Who?")
    }
}
