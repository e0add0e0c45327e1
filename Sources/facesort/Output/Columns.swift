/// Rows of text in columns that line up on a terminal.
struct Columns {
    enum Alignment { case left, right }

    private let alignments: [Alignment]
    private var rows: [[String]] = []

    init(_ alignments: [Alignment]) {
        self.alignments = alignments
    }

    /// Adds a row; hidden signs in it are made visible.
    mutating func add(_ cells: String...) {
        rows.append(cells.map(visible))
    }

    /// The rows, each with a line end, indented by two spaces; no spaces at the ends.
    ///
    /// A long cell does not push the columns behind it out of sight: it is shortened in the middle
    /// to fit the terminal, or to ``longest`` without a terminal.
    var text: String { text(width: Console.standard.resultWidth) }

    /// The widest column with others behind it, in cells, when no terminal tells its width.
    static let longest = 100
    /// The least that is left of a name, in cells, however narrow the terminal is: enough to know
    /// it.
    private static let shortest = 24

    /// - Parameter width: of the terminal, in cells; `nil` when results do not go to one.
    func text(width: Int?) -> String {
        var widths = [Int](repeating: 0, count: alignments.count)
        for row in rows {
            for (column, cell) in row.enumerated() {
                widths[column] = max(widths[column], displayWidth(cell))
            }
        }
        limit(&widths, to: width)
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() where widths[column] > 0 {
                let cell = shortened(cell, to: widths[column])
                let space = String(
                    repeating: " ", count: max(0, widths[column] - displayWidth(cell)))
                line += "  " + (alignments[column] == .left ? cell + space : space + cell)
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    /// Makes the widest columns of text narrower while the rows are too long. The last column
    /// pushes nothing out of sight, so it is left alone.
    private func limit(_ widths: inout [Int], to width: Int?) {
        guard let last = widths.lastIndex(where: { $0 > 0 }) else { return }
        let shrinkable = widths.indices.filter { $0 != last && alignments[$0] == .left }
        guard let width else {
            for column in shrinkable { widths[column] = min(widths[column], Self.longest) }
            return
        }
        while widths.reduce(0, { $0 + ($1 > 0 ? $1 + 2 : 0) }) > width,
            let widest = shrinkable.max(by: { widths[$0] < widths[$1] }),
            widths[widest] > Self.shortest
        {
            widths[widest] -= 1
        }
    }
}

/// `text` with `…` for its middle when it takes more than `width` cells: the beginning of a path
/// and the name of the file stay readable.
func shortened(_ text: String, to width: Int) -> String {
    guard displayWidth(text) > width, width > 1 else { return text }
    func prefix(_ characters: some Sequence<Character>, _ width: Int) -> [Character] {
        var room = width
        return Array(
            characters.prefix { character in
                room -= displayWidth(String(character))
                return room >= 0
            })
    }
    let end = prefix(text.reversed(), (width - 1) * 2 / 3)
    let start = prefix(text, width - 1 - displayWidth(String(end)))
    return String(start) + "…" + String(end.reversed())
}

/// How many cells of a terminal `text` takes.
func displayWidth(_ text: String) -> Int {
    text.reduce(0) { $0 + displayWidth($1) }
}

private func displayWidth(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if first.properties.isEmojiPresentation { return 2 }
    // A text sign that the variation selector turns into a picture.
    if character.unicodeScalars.contains("\u{FE0F}") { return 2 }
    switch first.value {
    case 0x0300...0x036F, 0x200B...0x200D, 0xFE00...0xFE0F: return 0
    // The blocks that Unicode's East Asian Width has as wide: Hangul, kana, ideographs, full width.
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
        0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60,
        0xFFE0...0xFFE6, 0x20000...0x3FFFD:
        return 2
    default: return 1
    }
}
