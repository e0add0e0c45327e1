internal import FaceCore
package import SystemPackage

/// A photo's file name as the album's file system accepts it: unchanged whenever possible.
package struct AlbumName: Hashable, Sendable {
    package let name: FilePath.Component
    /// What was changed and why, as in "'a:b.jpg' is 'a_b.jpg' in the album: …"; `nil` for nothing.
    package let change: String?

    /// - Parameter original: any name; one that begins like our temporary files is changed too.
    package static func fitting(
        _ original: FilePath.Component, traits: FileSystemTraits
    ) -> AlbumName {
        var bytes = original.bytes
        var changes: [String] = []
        func apply(_ change: String, _ body: (inout [UInt8]) -> Void) {
            let before = bytes
            body(&bytes)
            if bytes != before { changes.append(change) }
        }
        if bytes.starts(with: Place.stateFolder.utf8) {
            apply("names of that kind are facesort's own") { $0[0] = UInt8(ascii: "_") }
        }
        if !traits.takesInvalidUTF8 {
            apply("bytes that are no text became '_'") { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                guard !text.utf8.elementsEqual(bytes) else { return }
                bytes = text.unicodeScalars.map { $0 == "\u{FFFD}" ? "_" : String($0) }
                    .joined().utf8.map { $0 }
            }
        }
        if !traits.takesWindowsReserved {
            apply("characters that this disk does not take became '_'") { bytes in
                bytes = WindowsNames.replacingReserved(in: bytes)
            }
        }
        if !traits.takesDeviceNames {
            apply("this disk takes that name for a device's") { bytes in
                bytes = WindowsNames.avoidingDevices(in: bytes)
            }
        }
        apply("shortened to what this disk takes") { bytes in
            bytes = NameParts(bytes).joined(limit: traits.longestName)
        }
        // Never nil: no step adds a slash or a zero, or takes the last byte.
        let name = FilePath.Component(bytes: bytes) ?? original
        return AlbumName(
            name: name, change: changes.isEmpty ? nil : changes.joined(separator: "; "))
    }

    /// `IMG_0412 (2).jpg`: the name for another photo of the same name, never over the limit.
    ///
    /// - Parameter number: 2 or more.
    package static func numbered(
        _ name: FilePath.Component, _ number: Int, traits: FileSystemTraits
    ) -> FilePath.Component {
        precondition(number >= 2, "the first of a name has no number")
        return marked(name, "\(number)", traits: traits)
    }

    /// `IMG_0412 (renaming).jpg`: the name with a word in it, never over the limit.
    package static func marked(
        _ name: FilePath.Component, _ word: String, traits: FileSystemTraits
    ) -> FilePath.Component {
        let bytes = NameParts(name.bytes).joined(
            inserting: " (\(word))", limit: traits.longestName)
        return FilePath.Component(bytes: bytes) ?? name
    }

    /// Equal for names that the file system treats as one.
    package static func collisionKey(
        _ name: FilePath.Component, traits: FileSystemTraits
    ) -> [UInt8] {
        let bytes = name.bytes
        if traits.isCaseSensitive && traits.isNormalisationSensitive { return bytes }
        // Holds for nearly every name, and is a hundred times as fast as going through Unicode.
        if bytes.allSatisfy({ $0 < 0x80 }) {
            guard !traits.isCaseSensitive else { return bytes }
            return bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.utf8.elementsEqual(bytes) else { return bytes }
        return Array((traits.isCaseSensitive ? text.normalised : text.folded).utf8)
    }

    /// Equal for paths that the file system treats as one.
    package static func collisionKey(_ path: FilePath, traits: FileSystemTraits) -> [[UInt8]] {
        path.components.map { collisionKey($0, traits: traits) }
    }
}

/// The names in use in one folder.
package struct TakenNames: Sendable {
    private let traits: FileSystemTraits
    private var keys: Set<[UInt8]> = []
    /// The last number given to a name, so that a thousand equal names do not cost a million tries.
    private var lastNumber: [[UInt8]: Int] = [:]

    /// - Parameter names: those now in the folder.
    package init(_ names: [FilePath.Component] = [], traits: FileSystemTraits) {
        self.traits = traits
        for name in names { insert(name) }
    }

    package func contains(_ name: FilePath.Component) -> Bool {
        keys.contains(AlbumName.collisionKey(name, traits: traits))
    }

    package mutating func insert(_ name: FilePath.Component) {
        keys.insert(AlbumName.collisionKey(name, traits: traits))
    }

    package mutating func remove(_ name: FilePath.Component) {
        keys.remove(AlbumName.collisionKey(name, traits: traits))
        lastNumber.removeAll()
    }

    /// Takes `name` itself, or the first numbered one that is free.
    package mutating func claim(_ name: FilePath.Component) -> FilePath.Component {
        let key = AlbumName.collisionKey(name, traits: traits)
        if keys.insert(key).inserted { return name }
        var number = lastNumber[key] ?? 1
        while true {
            number += 1
            let candidate = AlbumName.numbered(name, number, traits: traits)
            if keys.insert(AlbumName.collisionKey(candidate, traits: traits)).inserted {
                lastNumber[key] = number
                return candidate
            }
        }
    }
}

/// A file name's stem and extension.
private struct NameParts {
    /// Longer endings are no extensions; the longest in use has nine letters and its dot.
    private static let longestExtension = 20

    private let stem: ArraySlice<UInt8>
    /// Includes its dot; empty when there is none.
    private let suffix: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        let dot = bytes.lastIndex(of: UInt8(ascii: "."))
        if let dot, dot > 0, bytes.count - dot <= Self.longestExtension {
            stem = bytes[..<dot]
            suffix = bytes[dot...]
        } else {
            stem = bytes[...]
            suffix = []
        }
    }

    /// The name with `insert` before its extension, the stem cut so that `limit` bytes suffice.
    func joined(inserting insert: String = "", limit: Int) -> [UInt8] {
        let room = max(1, limit - insert.utf8.count - suffix.count)
        return stem.shortened(to: room) + Array(insert.utf8) + suffix
    }
}

extension Collection<UInt8> {
    /// The first bytes, at most `limit`, never ending inside a UTF-8 character.
    package func shortened(to limit: Int) -> [UInt8] {
        let bytes = Array(self)
        guard bytes.count > limit else { return bytes }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.utf8.elementsEqual(bytes) else { return Array(bytes.prefix(limit)) }
        var result: [UInt8] = []
        for character in text {
            guard result.count + character.utf8.count <= limit else { break }
            result.append(contentsOf: character.utf8)
        }
        // One character may be longer than the limit: an emoji family with all its joiners.
        return result.isEmpty ? Array(bytes.prefix(limit)) : result
    }
}
