internal import FaceCore
internal import Foundation

/// The name of a person's folder in the album.
package struct FolderName: Hashable, Sendable {
    /// In bytes; leaves room below most file systems' 255 for what other programs append.
    package static let longest = 200

    /// In composed Unicode form (NFC), at most ``longest`` bytes.
    package let name: String
    /// What was changed and why; `nil` for nothing.
    package let change: String?

    /// Whether a person's folder can have that name, as somebody wrote it down.
    package static func isOne(_ name: String) -> Bool { (try? named(name))?.name == name }

    /// - Parameters:
    ///   - person: the person's name.
    ///   - taken: the folder names of the other people.
    ///   - traits: of the album's file system.
    /// - Throws: the reason why no person can have that name.
    package static func named(
        _ person: String, taken: [String] = [], traits: FileSystemTraits = .posix
    ) throws(FolderNameRefusal) -> FolderName {
        func refusal(_ reason: String) -> FolderNameRefusal {
            FolderNameRefusal(name: person, reason: reason)
        }
        var name = person.normalised
        guard !name.allSatisfy(\.isWhitespace) else { throw refusal("the name is empty") }
        guard name != ".", name != ".." else {
            throw refusal("'\(name)' means a folder to every program, not a person")
        }
        guard !name.unicodeScalars.contains(where: { $0 == "/" || $0 == "\0" }) else {
            throw refusal("a name with '/' would be a folder within a folder")
        }
        guard !name.hasPrefix(".") else {
            throw refusal("a name that begins with a dot would make a hidden folder")
        }
        if let place = Place.folderNames.first(where: { $0.folded == name.folded }) {
            throw refusal("'\(place)' is one of the album's own folders")
        }
        var changes: [String] = []
        func apply(_ change: String, _ changed: String) {
            guard !changed.utf8.elementsEqual(name.utf8) else { return }
            name = changed
            changes.append(change)
        }
        apply("controls became '_'", name.replacingControls)
        apply("Windows keeps that name for itself", WindowsNames.avoidingDevices(name))
        if !traits.takesWindowsReserved {
            let bytes = WindowsNames.replacingReserved(in: Array(name.utf8))
            apply(
                "characters that this disk does not take became '_'",
                String(decoding: bytes, as: UTF8.self))
        }
        let limit = min(longest, traits.longestName)
        apply("shortened", String(decoding: name.utf8.shortened(to: limit), as: UTF8.self))
        if let other = taken.first(where: { $0.folded == name.folded }) {
            throw refusal(
                other == person
                    ? "somebody else is called that already"
                    : "'\(other)' is already there, and many disks take the two for one name")
        }
        return FolderName(
            name: name, change: changes.isEmpty ? nil : changes.joined(separator: "; "))
    }
}

/// Why a person's name cannot be a folder's name.
package struct FolderNameRefusal: Error, Hashable, Sendable {
    package let name: String
    package let reason: String

    package init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }
}

/// What Windows, and the file systems made for it, do not accept in a name.
package enum WindowsNames {
    private static let reserved = Set("\\:?*\"<>|".utf8)
    private static let devices: Set<String> = Set(
        ["con", "prn", "aux", "nul"] + (1...9).flatMap { ["com\($0)", "lpt\($0)"] })

    package static func replacingReserved(in name: [UInt8]) -> [UInt8] {
        var bytes = name.map { reserved.contains($0) || $0 < 0x20 || $0 == 0x7F ? 0x5F : $0 }
        if let last = bytes.last, last == UInt8(ascii: ".") || last == UInt8(ascii: " ") {
            bytes[bytes.count - 1] = 0x5F
        }
        return bytes
    }

    /// `NUL` and `nul.txt` are devices in any Windows folder, so they get a '_'.
    static func avoidingDevices(_ name: String) -> String {
        String(decoding: avoidingDevices(in: Array(name.utf8)), as: UTF8.self)
    }

    /// The same for a name of any bytes.
    static func avoidingDevices(in name: [UInt8]) -> [UInt8] {
        let stem = name.prefix { $0 != UInt8(ascii: ".") }
        let text = String(decoding: stem, as: UTF8.self)
        guard devices.contains(text.trimmingCharacters(in: .whitespaces).lowercased()) else {
            return name
        }
        return stem + [UInt8(ascii: "_")] + name.dropFirst(stem.count)
    }
}

extension String {
    /// In composed Unicode form (NFC).
    package var normalised: String { precomposedStringWithCanonicalMapping }

    /// Equal, byte by byte, for names that differ only by case or Unicode form.
    package var folded: String { normalised.caseFolded.normalised }

    fileprivate var replacingControls: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { $0.properties.generalCategory == .control ? "_" : $0 }))
    }
}
