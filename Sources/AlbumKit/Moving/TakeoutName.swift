/// What the name of a photo, or of a JSON file beside it, says in a folder that Google Takeout wrote.
///
/// Of several photos with one title `IMG_4.jpg` the second is called `IMG_4(1).jpg`, and what is
/// known of it stands in `IMG_4.jpg.supplemental-metadata(1).json`, or in `IMG_4.jpg(1).json` as
/// older exports have it. The words are cut so that the name has 46 letters before `.json`, and a
/// long title is cut likewise. A photo that was edited, `IMG_4-edited.jpg`, shares its original's.
struct TakeoutName: Hashable {
    /// The photo's name in Google Photos, or as much of it as is there.
    let title: [UInt8]
    /// Which one of that title it is; 0 for the first.
    let number: Int

    /// As many letters are left of a name before `.json`.
    private static let longestStem = 46

    private static let metadata = Array("supplemental-metadata".utf8)

    /// What stands behind the stem of an edited photo's name, by the language of its account.
    private static let editedEnds = [
        "-edited", "-bearbeitet", "-modifié", "-editado", "-modificato", "-bewerkt", "-redigerad",
        "-redigeret", "-edytowane", "-upravené", "-muokattu", "-編集済み", "-已修改",
    ].map { Array($0.utf8) }

    /// What JSON files about a photo may be called after.
    ///
    /// - Returns: the photo's own, and of an edited one also its original's.
    static func titles(ofPhoto name: [UInt8]) -> (own: [TakeoutName], original: [TakeoutName]) {
        let (stem, suffix) = parts(name)
        func withCut(_ title: [UInt8], _ number: Int) -> [TakeoutName] {
            let name = TakeoutName(title: title, number: number)
            return [name] + [name.cut].compactMap(\.self)
        }
        let numbered = withoutNumber(stem)
        let own =
            withCut(name, 0) + (numbered.map { withCut($0.stem + suffix, $0.number) } ?? [])
        // `IMG_4-edited(1).jpg`, or `IMG_4(1)-edited.jpg`.
        let edited = numbered?.stem ?? stem
        let end = editedEnds.first { edited.count > $0.count && $0[...] == edited.suffix($0.count) }
        guard let end else { return (own, []) }
        let plain = Array(edited.dropLast(end.count))
        guard let (root, number) = numbered.map({ (plain, $0.number) }) ?? withoutNumber(plain)
        else { return (own, withCut(plain + suffix, 0)) }
        let whole = root + Array("(\(number))".utf8) + suffix
        return (own, withCut(whole, 0) + withCut(root + suffix, number))
    }

    /// The titles that a JSON file may be about, the likeliest first, and how its name goes on behind
    /// each, `.supplemental-metadata.json`. None for any other file.
    static func titles(ofFile name: [UInt8]) -> [(name: TakeoutName, end: [UInt8])] {
        let json = Array(".json".utf8)
        guard name.count > json.count,
            name.suffix(json.count).map({ $0 | 0x20 }) == json.map({ $0 | 0x20 })
        else { return [] }
        let whole = Array(name.dropLast(json.count))
        let (base, number) = withoutNumber(whole) ?? (whole, 0)
        let end = Array(name.suffix(json.count))
        var titles = [(TakeoutName(title: base, number: number), end)]
        if let dot = base.lastIndex(of: UInt8(ascii: ".")), dot > 0,
            metadata.starts(with: base[(dot + 1)...])
        {
            let word = Array(base[dot...])
            titles.insert(
                (TakeoutName(title: Array(base[..<dot]), number: number), word + end), at: 0)
        }
        return titles
    }

    /// The name as far as a JSON file would have it; `nil` when it is not cut.
    private var cut: TakeoutName? {
        let text = String(decoding: title, as: UTF8.self)
        guard text.utf16.count > Self.longestStem, text.utf8.elementsEqual(title),
            let cut = String(text.utf16.prefix(Self.longestStem))
        else { return nil }
        return TakeoutName(title: Array(cut.utf8), number: number)
    }

    /// `IMG_4(1)` is `IMG_4` and 1; `nil` without a number.
    private static func withoutNumber(_ stem: [UInt8]) -> (stem: [UInt8], number: Int)? {
        guard stem.last == UInt8(ascii: ")"), let open = stem.lastIndex(of: UInt8(ascii: "(")),
            open > 0, (1...4).contains(stem.count - open - 2),
            stem[(open + 1)..<(stem.count - 1)].allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(String(decoding: stem[(open + 1)..<(stem.count - 1)], as: UTF8.self)),
            number > 0
        else { return nil }
        return (Array(stem[..<open]), number)
    }

    private static func parts(_ name: [UInt8]) -> (stem: [UInt8], suffix: [UInt8]) {
        let dot = name.lastIndex(of: UInt8(ascii: ".")) ?? name.count
        return (Array(name[..<dot]), Array(name[dot...]))
    }
}
