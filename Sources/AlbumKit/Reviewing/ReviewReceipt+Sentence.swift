internal import PhotoIndex
internal import FaceCore

extension ReviewReceipt {
    init(_ answer: Decision) {
        self.init(number: answer.number, sentence: Self.sentence(answer.sayings))
    }

    /// The state after an answer, for the host who gave it.
    private static func sentence(_ sayings: [Statement]) -> String {
        var sentences: [String] = []
        var out: Set<FaceKey> = []
        let named = sayings.contains { if case .isPerson = $0 { true } else { false } }
        let drawn = sayings.contains { if case .drawn = $0 { true } else { false } }
        let settled = sayings.contains { if case .notAGuest = $0 { true } else { false } }
        let together = sayings.contains { if case .same = $0 { true } else { false } }
        for saying in sayings {
            switch saying {
            case .isPerson(let faces, let name):
                sentences.append(
                    drawn
                        ? "The face you drew is \(name)."
                        : "\(Self.faces(faces.count)) \(areOrIs(faces.count)) \(name) now.")
            case .isNotPerson(let faces, let name):
                out.formUnion(faces)
                if named {
                    sentences.append(
                        "\(faces.count) \(wasOrWere(faces.count)) taken out"
                            + (settled || together
                                ? "."
                                : " and \(faces.count == 1 ? "stays" : "stay") without a name."))
                } else {
                    sentences.append(
                        "\(Self.faces(faces.count)) \(areOrIs(faces.count)) not \(name).")
                }
            case .notAGuest(let faces):
                sentences.append(
                    Set(faces).isSubset(of: out) && !out.isEmpty
                        ? "Those are not guests."
                        : "\(Self.faces(faces.count)) \(areOrIs(faces.count)) no guest's: no "
                            + "folder, and no question again.")
            case .ignore(let faces):
                sentences.append("\(Self.faces(faces.count)) will be passed over.")
            case .same(let faces):
                sentences.append(
                    Set(faces).isSubset(of: out) && !out.isEmpty
                        ? "They are one other person."
                        : "\(Self.faces(faces.count)) are one person.")
            case .different(let faces, _):
                sentences.append(
                    "\(faces.count) \(wasOrWere(faces.count)) taken out.")
            case .drawn: break
            case .portrait(let faces):
                sentences.append(
                    faces.count == 1 ? "It is a portrait now." : "They are portraits now.")
            case .undecided(let faces):
                sentences.append("\(Self.faces(faces.count)) will be judged again.")
            case .rename(let name, let other): sentences.append("\(name) is called \(other) now.")
            case .merge(let name, let other):
                sentences.append("\(name) and \(other) are one person now: \(other).")
            case .withdraw: sentences.append("Taken back.")
            }
        }
        return sentences.joined(separator: " ")
    }

    private static func faces(_ count: Int) -> String { count == 1 ? "1 face" : "\(count) faces" }
    private static func areOrIs(_ count: Int) -> String { count == 1 ? "is" : "are" }
    private static func wasOrWere(_ count: Int) -> String { count == 1 ? "was" : "were" }
}
