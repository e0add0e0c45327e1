/// One thing that a person said about faces or people, in that person's terms: places in photos,
/// and names as they were at that time.
///
/// ``DecisionBook`` says what follows for the faces that an analysis found.
public enum Statement: Hashable, Sendable {
    /// The faces are this person's. A new name makes a new person.
    case isPerson([FaceKey], name: String)
    /// The faces are not this person's, however near they lie.
    case isNotPerson([FaceKey], name: String)
    /// The faces are of somebody who gets no folder and no question: a waiter, a passer-by.
    case notAGuest([FaceKey])
    /// The faces do not count: a poster, a statue, no face at all.
    case ignore([FaceKey])
    /// The faces are one person's, whoever it is.
    case same([FaceKey])
    /// No face here is the person of any face in `from`.
    case different([FaceKey], from: [FaceKey])
    /// There is a face, although no search found it.
    case drawn(FaceKey)
    /// The faces serve as portraits of their person, however poor they are.
    case portrait([FaceKey])
    /// What was said about the faces themselves no longer counts.
    case undecided([FaceKey])
    /// The person has another name from now on.
    case rename(String, to: String)
    /// Both names are one person's, who keeps the second name.
    case merge(String, into: String)
    /// The answer with this number no longer counts; a withdrawal can be withdrawn as well.
    case withdraw(Int)
}

/// What a person said in one go: one line of `decisions.jsonl`. It counts, or is withdrawn, as a
/// whole.
public struct Decision: Hashable, Sendable {
    /// 1 for the first of an album, then without a gap.
    public let number: Int
    /// When it was given: ISO 8601, UTC.
    public let time: String
    public let sayings: [Statement]

    public init(number: Int, time: String, sayings: [Statement]) {
        self.number = number
        self.time = time
        self.sayings = sayings
    }

    /// Whether all it says is that other answers no longer count.
    public var isWithdrawal: Bool {
        sayings.allSatisfy { if case .withdraw = $0 { true } else { false } }
    }
}

extension Statement {
    /// The faces that it is about.
    public var faces: [FaceKey] {
        switch self {
        case .isPerson(let faces, _), .isNotPerson(let faces, _), .notAGuest(let faces),
            .ignore(let faces), .same(let faces), .portrait(let faces), .undecided(let faces):
            faces
        case .different(let faces, let others): faces + others
        case .drawn(let face): [face]
        case .rename, .merge, .withdraw: []
        }
    }

    /// The names that it mentions.
    public var names: [String] {
        switch self {
        case .isPerson(_, let name), .isNotPerson(_, let name): [name]
        case .rename(let name, let other), .merge(let name, let other): [name, other]
        case .notAGuest, .ignore, .same, .different, .drawn, .portrait, .undecided, .withdraw: []
        }
    }
}

/// `{"said": "is", "faces": [...], "name": "Anna"}`
extension Statement: Codable {
    private enum CodingKeys: CodingKey {
        case said, faces, others, name, other, number
    }

    private enum Word: String, Codable {
        case isPerson = "is"
        case isNotPerson = "isNot"
        case notAGuest, ignore, same, different, drawn, portrait, undecided, rename, merge, withdraw
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func faces(_ key: CodingKeys = .faces) throws -> [FaceKey] {
            try values.decode([FaceKey].self, forKey: key)
        }
        func name(_ key: CodingKeys = .name) throws -> String {
            let name = try values.decode(String.self, forKey: key)
            guard !name.isEmpty else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: values, debugDescription: "an empty name")
            }
            return name
        }
        switch try values.decode(Word.self, forKey: .said) {
        case .isPerson: self = .isPerson(try faces(), name: try name())
        case .isNotPerson: self = .isNotPerson(try faces(), name: try name())
        case .notAGuest: self = .notAGuest(try faces())
        case .ignore: self = .ignore(try faces())
        case .same: self = .same(try faces())
        case .different: self = .different(try faces(), from: try faces(.others))
        case .drawn:
            let drawn = try faces()
            guard drawn.count == 1 else {
                throw DecodingError.dataCorruptedError(
                    forKey: .faces, in: values, debugDescription: "not one face")
            }
            self = .drawn(drawn[0])
        case .portrait: self = .portrait(try faces())
        case .undecided: self = .undecided(try faces())
        case .rename: self = .rename(try name(), to: try name(.other))
        case .merge: self = .merge(try name(), into: try name(.other))
        case .withdraw: self = .withdraw(try values.decode(Int.self, forKey: .number))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        func say(
            _ word: Word, _ faces: [FaceKey]? = nil, name: String? = nil, other: String? = nil
        ) throws {
            try values.encode(word, forKey: .said)
            try values.encodeIfPresent(faces, forKey: .faces)
            try values.encodeIfPresent(name, forKey: .name)
            try values.encodeIfPresent(other, forKey: .other)
        }
        switch self {
        case .isPerson(let faces, let name): try say(.isPerson, faces, name: name)
        case .isNotPerson(let faces, let name): try say(.isNotPerson, faces, name: name)
        case .notAGuest(let faces): try say(.notAGuest, faces)
        case .ignore(let faces): try say(.ignore, faces)
        case .same(let faces): try say(.same, faces)
        case .different(let faces, let others):
            try say(.different, faces)
            try values.encode(others, forKey: .others)
        case .drawn(let face): try say(.drawn, [face])
        case .portrait(let faces): try say(.portrait, faces)
        case .undecided(let faces): try say(.undecided, faces)
        case .rename(let name, let other): try say(.rename, name: name, other: other)
        case .merge(let name, let other): try say(.merge, name: name, other: other)
        case .withdraw(let number):
            try say(.withdraw)
            try values.encode(number, forKey: .number)
        }
    }
}

extension Decision: Codable {}
