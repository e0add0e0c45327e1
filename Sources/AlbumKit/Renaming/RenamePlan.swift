internal import FileLedger
internal import SystemPackage

/// A photo that gets a name, and the files beside it that go along.
struct RenamablePhoto {
    /// Relative to the workspace.
    let folder: FilePath
    /// The wanted name: without extension, and the extension with its dot.
    let stem: [UInt8]
    let suffix: [UInt8]
    /// Its name beside ``sidecars``.
    let name: FilePath.Component
    /// The names of the files beside it.
    let sidecars: [FilePath.Component]
    /// Its name in ``folder``; `nil` for a photo that is yet to be copied there.
    var placed: FilePath.Component?
    /// Whether a copy gets the name, whose file system may take fewer names than the photo's.
    var isCopy = false
}

/// Which photo gets which name.
///
/// A file that has its name already keeps it, numbered or not; the others take the first number
/// that is free, in their order. Names that differ by case or Unicode form alone are one, wherever
/// the photos lie: they may go to a disk that takes them for one.
struct RenamePlan {
    struct Names: Equatable {
        let photo: FilePath.Component
        /// In the order of ``RenamablePhoto/sidecars``.
        let sidecars: [FilePath.Component]
    }

    /// One for each photo, in their order.
    private(set) var names: [Names]

    /// - Parameters:
    ///   - photos: in the order in which they are numbered.
    ///   - others: by folder, the names of files that stay as they are.
    init(
        _ photos: [RenamablePhoto], others: [FilePath: [FilePath.Component]],
        traits: FileSystemTraits
    ) {
        var traits = traits
        traits.isCaseSensitive = false
        traits.isNormalisationSensitive = false
        var folders = others.mapValues { names in
            Taken(traits: traits, names: names)
        }
        var found = [Names?](repeating: nil, count: photos.count)
        let wishes = photos.map { Wish($0, traits: traits) }
        for (index, wish) in wishes.enumerated() {
            guard let placed = wish.photo.placed, let number = wish.number(of: placed) else {
                continue
            }
            let names = wish.names(number)
            if folders[wish.photo.folder, default: Taken(traits: traits)].claim(names) {
                found[index] = names
            }
        }
        for (index, wish) in wishes.enumerated() where found[index] == nil {
            found[index] = folders[wish.photo.folder, default: Taken(traits: traits)].claim(wish)
        }
        names = found.compactMap(\.self)
    }

    /// The names that one photo can get.
    private struct Wish {
        let photo: RenamablePhoto
        /// Without a number.
        let base: FilePath.Component
        /// With room for what the files beside it add.
        let traits: FileSystemTraits
        private let traitsBeside: FileSystemTraits

        init(_ photo: RenamablePhoto, traits: FileSystemTraits) {
            self.photo = photo
            let name: FilePath.Component = "x.jpg"
            let longest =
                Self.sidecars(of: photo, now: name, traits).map {
                    $0.bytes.count - name.bytes.count
                }.max() ?? 0
            var shorter = traits
            shorter.longestName = max(32, traits.longestName - max(0, longest))
            self.traits = shorter
            traitsBeside = traits
            // Neither is empty, and no slash or zero comes into them.
            let wanted = FilePath.Component(bytes: photo.stem + photo.suffix) ?? photo.name
            base = AlbumName.fitting(wanted, traits: shorter).name
        }

        func names(_ number: Int) -> Names {
            let name = number == 1 ? base : AlbumName.numbered(base, number, traits: traits)
            return Names(photo: name, sidecars: Self.sidecars(of: photo, now: name, traitsBeside))
        }

        /// The names of the files beside a photo that is now called `name`: of two that would get
        /// one, as `IMG_1.xmp` and `img_1.XMP` would, the second gets a number.
        private static func sidecars(
            of photo: RenamablePhoto, now name: FilePath.Component, _ traits: FileSystemTraits
        ) -> [FilePath.Component] {
            var taken = TakenNames([name], traits: traits)
            return photo.sidecars.map { sidecar in
                var wanted = Sidecars.name(sidecar, of: photo.name, now: name)
                if photo.isCopy { wanted = AlbumName.fitting(wanted, traits: traits).name }
                var number = 1
                var found = wanted
                while taken.contains(found) {
                    number += 1
                    found = Sidecars.numbered(wanted, number, beside: name)
                }
                taken.insert(found)
                return found
            }
        }

        /// The number that makes `name`; `nil` when it is another name.
        func number(of name: FilePath.Component) -> Int? {
            if name == base { return 1 }
            let bytes = name.bytes
            guard let open = bytes.lastIndex(of: UInt8(ascii: "(")),
                let close = bytes[open...].firstIndex(of: UInt8(ascii: ")")),
                let number = Int(String(decoding: bytes[(open + 1)..<close], as: UTF8.self)),
                number >= 2, AlbumName.numbered(base, number, traits: traits) == name
            else { return nil }
            return number
        }
    }

    /// The names in use in one folder.
    private struct Taken {
        private let traits: FileSystemTraits
        private var names: TakenNames
        /// So that a thousand photos of one name are no million tries.
        private var lastNumber: [[UInt8]: Int] = [:]

        init(traits: FileSystemTraits, names: [FilePath.Component] = []) {
            self.traits = traits
            self.names = TakenNames(traits: traits)
            for name in names { self.names.insert(name) }
        }

        /// - Returns: whether all were free; else none is taken.
        mutating func claim(_ wanted: Names) -> Bool {
            let all = [wanted.photo] + wanted.sidecars
            guard !all.contains(where: names.contains) else { return false }
            for name in all { names.insert(name) }
            return true
        }

        mutating func claim(_ wish: Wish) -> Names {
            let key = AlbumName.collisionKey(wish.base, traits: traits)
            var number = lastNumber[key] ?? 0
            while true {
                number += 1
                let names = wish.names(number)
                guard claim(names) else { continue }
                // One with more files beside it may be the only one that a number is taken for.
                if wish.photo.sidecars.isEmpty { lastNumber[key] = number }
                return names
            }
        }
    }
}
