internal import FaceCore
internal import FileLedger
internal import SystemPackage

/// The symbolic links in a folder of photos, and the photos that keep their names because of them: a
/// link whose photo got another name would point nowhere, and what it is for is its own name.
struct LinkedPhotos {
    /// The links themselves, and the photos to which they point.
    private(set) var staying: Set<FilePath> = []
    /// What to report about them, each a sentence.
    private(set) var notes: [String] = []

    /// How many links are named.
    private static let mostNamed = 10

    private let disk: Disk
    /// Every link to a file, by the file that it leads to in the end.
    private var links: [(path: FilePath, target: FileIdentity)] = []

    /// - Parameters:
    ///   - files: the photos, absolute.
    ///   - root: the folder that is looked through, without the folders behind links.
    init(among files: [FilePath], in root: FilePath, disk: Disk) throws {
        self.disk = disk
        try findLinks(in: root)
        guard !links.isEmpty else { return }
        let targets = Set(links.map(\.target))
        var photos: [FileIdentity: FilePath] = [:]
        for file in files {
            guard let status = try disk.statusIfPresent(of: file, followingLinks: false) else {
                continue
            }
            if status.kind != .symbolicLink { photos[status.identity] = file }
            if status.kind == .symbolicLink || targets.contains(status.identity) {
                staying.insert(file)
            }
        }
        // A file beside a photo cannot go along with it when a link points to it.
        let beside = try Sidecars(of: files, staying: []) { folder in
            try Sidecars.candidates(disk.entries(of: folder)).filter { name in
                let status = try disk.statusIfPresent(of: folder.appending(name))
                return status.map { targets.contains($0.identity) } == true
            }
        }
        staying.formUnion(beside.ofPhoto.keys)
        tell(photos, root)
    }

    private mutating func findLinks(in root: FilePath) throws {
        var open = [root]
        while let folder = open.popLast() {
            // What cannot be read was reported when the photos were listed.
            for entry in (try? disk.entries(of: folder)) ?? [] where !entry.name.isHidden {
                let path = folder.appending(entry.name)
                let kind =
                    try entry.kind
                    ?? disk.statusIfPresent(of: path, followingLinks: false)?.kind
                if kind == .folder { open.append(path) }
                // A link that leads nowhere, or in a circle, reserves no name.
                if kind == .symbolicLink, let target = try? disk.status(of: path),
                    target.kind == .file
                {
                    links.append((path, target.identity))
                }
            }
        }
        links.sort { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
    }

    private mutating func tell(_ photos: [FileIdentity: FilePath], _ root: FilePath) {
        func name(_ path: FilePath) -> String { "'\((path.relative(to: root) ?? path).string)'" }
        let told = links.compactMap { link -> String? in
            if let photo = photos[link.target] {
                return "\(name(link.path)) is a link to \(name(photo)): both keep their names."
            }
            return staying.contains(link.path)
                ? "\(name(link.path)) is a link: it keeps its name." : nil
        }
        notes = Array(told.prefix(Self.mostNamed))
        let rest = told.count - notes.count
        if rest > 0 { notes.append("So do \(counted(rest, "link")) more, and their photos.") }
    }
}
