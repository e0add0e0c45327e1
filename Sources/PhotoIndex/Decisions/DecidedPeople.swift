internal import FileLedger
internal import AlbumCatalogue
internal import FaceCore

/// Brings the people that the catalogue knows up to date with what was said about names.
package struct DecidedPeople {
    let book: DecisionBook
    private let catalogue: Catalogue
    private let traits: FileSystemTraits

    package init(_ workspace: Workspace) {
        book = workspace.book
        catalogue = workspace.catalogue
        traits = workspace.traits
    }

    /// Gives everybody their present name, and merges those who are one person.
    ///
    /// Must run before portraits are read: people without portraits are known by name only.
    ///
    /// - Returns: the people whose names changed.
    package func rename() throws -> [NameChange] {
        var renames: [NameChange] = []
        for person in try catalogue.people() {
            let name = book.name(ofOneOnceCalled: person.name)
            guard name.folded != person.name.folded || isOnlyRespelt(person.name, as: name) else {
                continue
            }
            let others = try catalogue.people().filter { $0.id != person.id }
            if let other = others.first(where: { $0.name.folded == name.folded }) {
                try catalogue.mergePerson(person.id, into: other.id)
                continue
            }
            guard
                let folder = try? FolderName.named(
                    name, taken: others.map(\.folder), traits: traits)
            else { continue }
            try catalogue.renamePerson(person.id, to: name, folder: folder.name)
            renames.append(
                NameChange(
                    original: person.name, name: name,
                    reason: "you said that '\(person.name)' is called '\(name)'"))
        }
        return renames
    }

    /// Whether somebody was renamed from one way to write a name to another.
    private func isOnlyRespelt(_ name: String, as other: String) -> Bool {
        name != other
            && book.answers.contains { answer in
                book.isInEffect(answer.number)
                    && answer.sayings.contains { saying in
                        if case .rename(let old, let new) = saying {
                            old.folded == name.folded && new == other
                        } else {
                            false
                        }
                    }
            }
    }

    /// Adds everybody who was spoken of as a person.
    ///
    /// - Returns: everybody's number by folded name, and a sentence about each
    ///   name that no folder can have.
    func remember() throws -> (numbers: [String: PersonID], notes: [String]) {
        var people = try catalogue.people()
        var notes: [String] = []
        for name in book.people.map(\.name)
        where !people.contains(where: { $0.name.folded == name.folded }) {
            do {
                let folder = try FolderName.named(
                    name, taken: people.map(\.folder), traits: traits)
                people.append(try catalogue.rememberPerson(name: name, folder: folder.name))
            } catch let refusal as FolderNameRefusal {
                notes.append(
                    "Nobody can be called '\(name)', because \(refusal.reason): what was said about "
                        + "that name does not count.")
            }
        }
        return (
            Dictionary(
                people.map { ($0.name.folded, $0.id) }, uniquingKeysWith: { first, _ in first }),
            notes
        )
    }
}
