internal import AlbumKit
internal import FaceCore

/// The changes of a plan by folder, for the host.
struct PlannedFolders {
    struct Folder {
        let name: String
        /// Names of files.
        var coming: [String] = []
        var going: [String] = []
        /// How many photos it will have; `nil` when that is not known.
        var then: Int?

        /// Whether it does not exist yet.
        var isNew: Bool { then == coming.count && going.isEmpty }
    }

    /// People first, those who get the most photos at the top; then `group` and the others.
    let folders: [Folder]
    let sums: [(what: String, count: Int)]

    init(_ summary: SortSummary) {
        var byName: [String: Folder] = [:]
        func note(_ path: String, _ list: WritableKeyPath<Folder, [String]>) {
            let parts = path.split(separator: "/").map(String.init)
            guard let file = parts.last, parts.count > 1 else { return }
            let name = parts.dropLast().joined(separator: "/")
            byName[name, default: Folder(name: name)][keyPath: list].append(file)
        }
        for change in summary.changes {
            switch change.kind {
            case .copy: note(change.path, \.coming)
            case .remove, .prune: note(change.path, \.going)
            case .move:
                if let from = change.from { note(from, \.going) }
                note(change.path, \.coming)
            }
        }
        let counts =
            Dictionary(summary.people.map { ($0.name, $0.photoCount) }) { first, _ in first }
            .merging([
                Place.groupFolder: summary.groupCount, Place.unknownFolder: summary.unknownCount,
            ]) { $1 }
        let isPerson = Set(summary.people.map(\.name)).contains
        folders = byName.values
            .map { folder in
                var folder = folder
                folder.then = counts[folder.name]
                return folder
            }
            .sorted { one, other in
                let (left, right) = (isPerson(one.name), isPerson(other.name))
                if left != right { return left }
                let (more, fewer) = (one.coming.count, other.coming.count)
                return more != fewer ? more > fewer : one.name < other.name
            }
        let kinds = summary.changes.map(\.kind)
        sums = [
            ("files come", kinds.count { $0 == .copy }),
            ("move", kinds.count { $0 == .move }),
            ("go", kinds.count { $0 == .remove || $0 == .prune }),
        ]
    }
}
