internal import FaceCore
internal import Foundation
internal import SystemPackage

/// One line of a journal. Which members are there depends on ``kind``.
struct JournalLine: Codable, Equatable {
    enum Kind: String, Codable {
        /// The first line: ``header``.
        case begin
        /// The run goes on after it was interrupted.
        case resume
        /// ``act`` will be done next.
        case intend
        /// No file lay at the targets of ``numbers``; an empty one there is our placeholder.
        case placing
        /// The act was done; the file is as ``byteCount`` and ``modified`` say.
        case done
        /// The act was not done and left nothing.
        case dropped
        /// The run is over.
        case end
        /// The run is being undone.
        case undo
        /// As ``placing``, while a file is put back to where the act of ``number`` took it.
        case placingBack
        /// The act was undone.
        case reverted
        /// All that could be undone is.
        case undone
    }

    var line: Kind
    var header: RunHeader?
    var number: Int?
    var numbers: [Int]?
    var act: ActText?
    var aside: PathText?
    var byteCount: Int64?
    var modified: Int64?
    var note: String?
    var state: RunState?

    init(_ line: Kind) { self.line = line }
}

/// A path in JSON: text when it is UTF-8, else `{"hex": "…"}` with its bytes, so that none is lost.
struct PathText: Codable, Equatable {
    let path: FilePath

    private enum Keys: String, CodingKey {
        case hex
    }

    init(_ path: FilePath) { self.path = path }

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            path = FilePath(text)
            return
        }
        let container = try decoder.container(keyedBy: Keys.self)
        let digits = Array(try container.decode(String.self, forKey: .hex).utf8)
        var bytes: [CChar] = []
        for index in stride(from: 0, to: digits.count - 1, by: 2) {
            let pair = String(decoding: digits[index...index + 1], as: UTF8.self)
            guard let byte = UInt8(pair, radix: 16), byte != 0 else {
                throw DecodingError.dataCorruptedError(
                    forKey: .hex, in: container, debugDescription: "not hexadecimal")
            }
            bytes.append(CChar(bitPattern: byte))
        }
        path = FilePath(platformString: bytes + [0])
    }

    func encode(to encoder: any Encoder) throws {
        if let text = String(validating: path) {
            var container = encoder.singleValueContainer()
            try container.encode(text)
        } else {
            var container = encoder.container(keyedBy: Keys.self)
            let digits = path.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            try container.encode(digits.joined(), forKey: .hex)
        }
    }
}

/// An act in JSON.
struct ActText: Codable, Equatable {
    private enum Name: String, Codable {
        case copy, bring, move, remove, removeAside, makeFolder
    }

    private var name: Name
    private var source: PathText?
    private var from: PathText?
    private var to: PathText?
    private var path: PathText?
    private var original: PathText?
    private var hash: ContentHash?
    private var byteCount: Int64?
    private var link: LinkKind?

    init(_ act: Act) {
        switch act {
        case .copy(let source, let to, let hash, let byteCount, let link):
            name = .copy
            self.source = PathText(source)
            self.to = PathText(to)
            self.hash = hash
            self.byteCount = byteCount
            self.link = link
        case .bring(let from, let to, let hash, let byteCount):
            name = .bring
            self.from = PathText(from)
            self.to = PathText(to)
            self.hash = hash
            self.byteCount = byteCount
        case .move(let from, let to, let hash):
            name = .move
            self.from = PathText(from)
            self.to = PathText(to)
            self.hash = hash
        case .remove(let path, let hash, let original):
            name = .remove
            self.path = PathText(path)
            self.hash = hash
            self.original = PathText(original)
        case .removeAside(let path, let hash):
            name = .removeAside
            self.path = PathText(path)
            self.hash = hash
        case .makeFolder(let path):
            name = .makeFolder
            self.path = PathText(path)
        }
    }

    /// - Returns: `nil` when something is missing or a path leads out of the album.
    var act: Act? {
        let act: Act? =
            switch name {
            case .copy:
                if let source, let to, let hash, let byteCount, let link {
                    .copy(
                        source: source.path, to: to.path, hash: hash, byteCount: byteCount,
                        link: link)
                } else {
                    nil
                }
            case .bring:
                if let from, let to, let hash, let byteCount {
                    .bring(from: from.path, to: to.path, hash: hash, byteCount: byteCount)
                } else {
                    nil
                }
            case .move:
                if let from, let to, let hash {
                    .move(from: from.path, to: to.path, hash: hash)
                } else {
                    nil
                }
            case .remove:
                if let path, let hash, let original {
                    .remove(path.path, hash: hash, original: original.path)
                } else {
                    nil
                }
            case .removeAside:
                if let path, let hash { .removeAside(path.path, hash: hash) } else { nil }
            case .makeFolder:
                if let path { .makeFolder(path.path) } else { nil }
            }
        return act.flatMap { $0.isWithinAlbum ? $0 : nil }
    }
}
