internal import PhotoIndex
internal import FileLedger
internal import FaceCore
internal import Foundation

// What the host says on a page, in the words of the journal.

extension ReviewState {
    /// - Throws: `.stale` when something in the answer no longer exists, `.setting` for a name that
    ///   cannot be a person's.
    func sayings(of answer: ReviewAnswer) throws(AlbumError) -> [Statement] {
        switch answer {
        case .group(let all, let out, let rest, let who):
            return try group(all, out: out, rest: rest, who)
        case .areNotGuests(let faces): return [.notAGuest(try keys(faces))]
        case .ignore(let faces): return [.ignore(try keys(faces))]
        case .are(let faces, let who): return try are(faces, who)
        case .areNot(let faces, let person):
            return [.isNotPerson(try keys(faces), name: try name(of: person))]
        case .areSomeoneElse(let faces, let person):
            let keys = try keys(faces)
            let isNot = Statement.isNotPerson(keys, name: try name(of: person))
            return keys.count > 1 ? [isNot, .same(keys)] : [isNot]
        case .areGoodPortraits(let faces): return try portraits(faces)
        case .rename(let person, let name):
            let (old, new) = (try self.name(of: person), try valid(name))
            if let other = self.person(called: new), people[other].token != person {
                throw AlbumError(
                    .setting, new, "is somebody else's name",
                    remedy: "If the two are one person, merge them instead.")
            }
            return [.rename(old, to: new)]
        case .merge(let person, let who): return try merge(person, who)
        case .draw(let photo, let box, let who, let isPortrait):
            return try draw(photo, box, who, isPortrait: isPortrait)
        case .withdraw(let number):
            guard book.isInEffect(number) else {
                throw .stale("was taken back already")
            }
            return [.withdraw(number)]
        }
    }

    // MARK: Kinds of answers

    private func group(
        _ all: [ReviewToken], out: [ReviewToken], rest: ReviewAnswer.Rest, _ who: ReviewAnswer.Who
    ) throws(AlbumError) -> [Statement] {
        let left = all.filter { !out.contains($0) }
        guard !left.isEmpty else {
            throw AlbumError(
                .setting, "The group", "has no face left",
                remedy: "Leave at least one face in, or put the group off.")
        }
        let kept = try keys(left)
        let out = out.isEmpty ? [] : try keys(out)
        var sayings: [Statement]
        switch who {
        case .group(let number):
            sayings = [.same(kept + (try keys(of: number)))]
            if !out.isEmpty { sayings.append(.different(out, from: kept)) }
        case .name, .person:
            let name = try name(of: who)
            sayings = [.isPerson(kept, name: name)]
            if !out.isEmpty { sayings.append(.isNotPerson(out, name: name)) }
        }
        if !out.isEmpty {
            switch rest {
            case .stayUnnamed: break
            case .areOnePerson: if out.count > 1 { sayings.append(.same(out)) }
            case .areNotGuests: sayings.append(.notAGuest(out))
            }
        }
        return sayings
    }

    private func are(
        _ faces: [ReviewToken], _ who: ReviewAnswer.Who
    ) throws(AlbumError) -> [Statement] {
        let keys = try keys(faces)
        guard case .group(let number) = who else {
            return [.isPerson(keys, name: try name(of: who))]
        }
        return try notThoseTheyWere(faces) + [.same(keys + (try self.keys(of: number)))]
    }

    /// Removes the faces from the people whom they were recognised as.
    private func notThoseTheyWere(_ faces: [ReviewToken]) throws(AlbumError) -> [Statement] {
        var faceOfPerson: [Int: [FaceKey]] = [:]
        for token in faces {
            guard let face = facts.faceOfToken[token] else { continue }
            if case .person(let person, _) = standing[face] {
                faceOfPerson[person, default: []].append(facts.faces[face].key)
            }
        }
        return faceOfPerson.sorted { $0.key < $1.key }
            .map { .isNotPerson($0.value, name: people[$0.key].name) }
    }

    private func portraits(_ faces: [ReviewToken]) throws(AlbumError) -> [Statement] {
        let keys = try keys(faces)
        // A face stands for somebody only when it is theirs beyond doubt.
        var own: [String: [FaceKey]] = [:]
        for token in faces {
            guard let face = facts.faceOfToken[token] else { continue }
            guard case .person(let person, let isDecided) = standing[face] else {
                throw .stale("is nobody's face any more")
            }
            if !isDecided { own[people[person].name, default: []].append(facts.faces[face].key) }
        }
        return own.sorted { $0.key < $1.key }.map { .isPerson($0.value, name: $0.key) }
            + [.portrait(keys)]
    }

    private func merge(
        _ person: ReviewToken, _ who: ReviewAnswer.Who
    ) throws(AlbumError) -> [Statement] {
        let own = try name(of: person)
        if case .group(let number) = who {
            return [.isPerson(try keys(of: number), name: own)]
        }
        let other = try name(of: who)
        guard let target = self.person(called: other) else {
            throw AlbumError(
                .setting, other, "is nobody's name yet",
                remedy: "Choose one of the people of this album, or rename instead.")
        }
        guard people[target].token != person else {
            throw AlbumError(
                .setting, other, "is the same person already", remedy: "Choose somebody else.")
        }
        return [.merge(own, into: people[target].name)]
    }

    /// The least side of a drawn face, as a fraction of the photo's: of 4000 pixels 20.
    private static let leastDrawnSide = 0.005

    private func draw(
        _ photo: ReviewToken, _ box: FaceBox, _ who: ReviewAnswer.Who, isPortrait: Bool
    ) throws(AlbumError) -> [Statement] {
        guard let index = facts.photoOfToken[photo] else { throw .stale("is not there any more") }
        let sides = [box.left, box.top, box.width, box.height]
        guard sides.allSatisfy(\.isFinite) else { throw .badBox }
        let (left, top) = (max(0, box.left), max(0, box.top))
        let inside = FaceBox(
            left: left, top: top, width: min(1, box.right) - left,
            height: min(1, box.bottom) - top)
        guard min(inside.width, inside.height) >= Self.leastDrawnSide else { throw .badBox }
        let known = facts.photos[index].faces.map { facts.faces[$0].key }
            .first { $0.box.overlap(with: inside) >= FaceKey.sameFaceOverlap }
        let key = known ?? FaceKey(photo: facts.photos[index].record.hash, box: inside)
        var sayings: [Statement] = known == nil ? [.drawn(key)] : []
        if case .group(let number) = who {
            sayings.append(.same([key] + (try keys(of: number))))
        } else {
            sayings.append(.isPerson([key], name: try name(of: who)))
            if isPortrait { sayings.append(.portrait([key])) }
        }
        return sayings
    }

    // MARK: Looking up

    private func keys(_ tokens: [ReviewToken]) throws(AlbumError) -> [FaceKey] {
        guard !tokens.isEmpty else {
            throw AlbumError(
                .setting, "The answer", "is about no face", remedy: "Select at least one.")
        }
        var keys: [FaceKey] = []
        for token in tokens {
            if let face = facts.faceOfToken[token] {
                keys.append(facts.faces[face].key)
            } else if let unfound = unfound(token) {
                keys.append(unfound)
            } else {
                throw .stale("was looked for again meanwhile")
            }
        }
        return keys
    }

    private func keys(of group: ClusterNumber) throws(AlbumError) -> [FaceKey] {
        let own = faces(of: group)
        guard !own.isEmpty else { throw .stale("is not there any more") }
        return own.map { facts.faces[$0].key }
    }

    private func name(of token: ReviewToken) throws(AlbumError) -> String {
        guard let person = personOfToken[token] else { throw .stale("is not there any more") }
        return people[person].name
    }

    private func name(of who: ReviewAnswer.Who) throws(AlbumError) -> String {
        switch who {
        case .person(let token): return try name(of: token)
        case .group(let number): return number.name
        case .name(let typed):
            let name = try valid(typed)
            return person(called: name).map { people[$0].name } ?? name
        }
    }

    private func valid(_ typed: String) throws(AlbumError) -> String {
        let name = typed.normalised.trimmingCharacters(in: .whitespacesAndNewlines)
        do throws(FolderNameRefusal) {
            let folder = try FolderName.named(name)
            // Characters that a folder name cannot have are not cut without telling the host.
            guard folder.name == name else {
                throw FolderNameRefusal(
                    name: name, reason: folder.change ?? "a folder cannot be called that")
            }
        } catch {
            throw AlbumError(
                .personName, name, "cannot be a person's name: \(error.reason)",
                remedy: "Nothing was saved. Choose another name.", underlying: error)
        }
        return name
    }
}

extension AlbumError {
    static func stale(_ reason: String) -> AlbumError {
        AlbumError(
            .stale, "What you answered", reason,
            remedy: "Nothing was saved. Look at it as it is now, then answer again.")
    }

    fileprivate static let badBox = AlbumError(
        .setting, "The box", "does not lie around a face",
        remedy: "Nothing was saved. Draw it from the forehead to the chin.")
}
