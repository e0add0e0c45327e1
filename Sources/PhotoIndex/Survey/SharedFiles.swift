internal import FileLedger
package import AlbumCatalogue
package import SystemPackage

/// Which of the names that were found belong to the same file: a device and an inode are one file,
/// however many names, links and mounts lead to it.
///
/// Whatever counts or moves files asks here first. If one file were taken for two, one would seem a
/// copy of the other, and the only file would be removed.
package struct SharedFiles: Sendable {
    /// One name of a file.
    package struct Name: Hashable {
        package let source: SourceID
        /// Relative to the source.
        package let path: FilePath

        package init(source: SourceID, path: FilePath) {
            self.source = source
            self.path = path
        }
    }

    /// Of files with several names only.
    private var identities: [Name: FileIdentity] = [:]
    private var linked: Set<Name> = []

    /// - Parameter scans: what lies in each source.
    package init(_ scans: [(source: SourceID, files: [ScannedFile])]) {
        var first: [FileIdentity: Name] = [:]
        for (source, files) in scans {
            for file in files {
                let name = Name(source: source, path: file.path)
                if file.isLinked { linked.insert(name) }
                if let other = first[file.identity] {
                    identities[other] = file.identity
                    identities[name] = file.identity
                } else {
                    first[file.identity] = name
                }
            }
        }
    }

    /// Whether some file has several names.
    var hasFurtherNames: Bool { !identities.isEmpty }
    /// Whether only a link leads to some file.
    var hasLinks: Bool { !linked.isEmpty }

    /// Whether only a link leads there.
    package func isLinked(_ path: FilePath, in source: SourceID) -> Bool {
        linked.contains(Name(source: source, path: path))
    }

    /// `elements` without further names of a file that stays among them: by its first name that
    /// needs no link, or else its first.
    package func distinct<Element>(_ elements: [Element], by name: (Element) -> Name) -> [Element] {
        guard !identities.isEmpty else { return elements }
        let names = elements.map(name)
        var chosen: [FileIdentity: Int] = [:]
        for (index, name) in names.enumerated() {
            guard let file = identities[name] else { continue }
            if let other = chosen[file], linked.contains(name) || !linked.contains(names[other]) {
                continue
            }
            chosen[file] = index
        }
        return zip(elements, names).enumerated().filter { index, pair in
            identities[pair.1].map { chosen[$0] == index } ?? true
        }.map(\.1.0)
    }
}
