internal import FileLedger
internal import SystemPackage

/// Renamings in an order in which every name is free when its turn comes.
///
/// A file that wants a name waits until the file with that name gives it up. Where files wait in a
/// circle (`a` wants to be `b`, and `b` to be `a`), one first takes its own name,
/// `a (renaming).jpg`: a plain name, so that a kill in between leaves a file that everybody can
/// see, and the journal knows which file it is. A name that changes only its case goes this way too
/// where the file system treats both as one.
struct RenameOrder {
    struct Move: Hashable {
        /// Any value by which the caller knows the file.
        let file: Int
        let from: FilePath
        let to: FilePath
    }

    /// The moves, and for circles one more; neighbours mostly do not depend on each other.
    private(set) var moves: [Move] = []

    /// - Parameters:
    ///   - wanted: every file once, no two with one goal.
    ///   - free: a name beside a path that no file has or wants.
    /// - Complexity: O(n log n).
    init(
        _ wanted: [Move], traits: FileSystemTraits, free: (FilePath) -> FilePath
    ) {
        let key = { (path: FilePath) in AlbumName.collisionKey(path, traits: traits) }
        let bearer = Dictionary(
            wanted.indices.map { (key(wanted[$0].from), $0) },
            uniquingKeysWith: { first, _ in first })
        // Each waits for at most one other, and no two wait for the same one.
        let waitsFor = wanted.map { bearer[key($0.to)] }
        var waiting = [Int?](repeating: nil, count: wanted.count)
        for (index, other) in waitsFor.enumerated() { if let other { waiting[other] = index } }
        var turns: [(turn: Int, move: Move)] = []
        var isPlaced = [Bool](repeating: false, count: wanted.count)
        func follow(_ start: Int?, from turn: Int) -> Int {
            var (next, turn) = (start, turn)
            while let index = next, !isPlaced[index] {
                isPlaced[index] = true
                turns.append((turn, wanted[index]))
                turn += 1
                next = waiting[index]
            }
            return turn
        }
        for index in wanted.indices where waitsFor[index] == nil { _ = follow(index, from: 0) }
        for index in wanted.indices where !isPlaced[index] {
            let move = wanted[index]
            let aside = free(move.from)
            turns.append((0, Move(file: move.file, from: move.from, to: aside)))
            isPlaced[index] = true
            let last = follow(waiting[index], from: 1)
            turns.append((last, Move(file: move.file, from: aside, to: move.to)))
        }
        moves = turns.enumerated()
            .sorted { ($0.element.turn, $0.offset) < ($1.element.turn, $1.offset) }
            .map(\.element.move)
    }
}
