/// The numbers of ``MatchRule/evidence``, and which of its steps are taken. Benchmarks change them
/// one by one, to show what each is worth; everything else uses ``standard``.
package struct EvidenceParameters: Hashable, Sendable {
    /// What the rule does beyond comparing mirrored encodings up to a limit.
    package struct Steps: OptionSet, Hashable, Sendable {
        package let rawValue: Int
        package init(rawValue: Int) { self.rawValue = rawValue }

        /// The next person must be clearly farther.
        package static let margin = Steps(rawValue: 1)
        /// A person's limit ends where another person's portrait begins.
        package static let lookAlikes = Steps(rawValue: 2)
        /// Tight clusters are judged together.
        package static let clusters = Steps(rawValue: 4)
        /// A cluster beyond the tolerance that shares a photo with a nearer one of the same person
        /// has no name at all.
        package static let wholeClusters = Steps(rawValue: 8)
        /// The limit is lower, and other faces compete, while few people are known.
        package static let rivals = Steps(rawValue: 16)
        /// Near-duplicates share names.
        package static let copies = Steps(rawValue: 32)
        package static let all: Steps = [
            .margin, .lookAlikes, .clusters, .wholeClusters, .rivals, .copies,
        ]
    }

    package static let standard = EvidenceParameters()

    package var steps = Steps.all
    /// ``MatchSettings/evidenceReach``
    package var reach = MatchSettings.evidenceReach
    /// What is added to the tolerance instead while few people are known.
    package var fewReach = MatchSettings.evidenceReach / 2
    /// ``MatchSettings/margin``
    package var margin = MatchSettings.margin
    /// How much farther than the person another face of the event must be, while few are known.
    package var fewRivalMargin: Float = 0.015
    /// The same while many are known: below zero, so that only a clearly nearer face wins.
    package var manyRivalMargin: Float = -0.08
    /// Up to this many known people count as few.
    package var few = 8
    /// From this many on they compete well enough with each other.
    package var many = 16

    package init() {}
}

/// How strict ``MatchRule/evidence`` is, depending on how many people are known.
///
/// With many known people a stranger is usually nearer to another person than to the one they
/// resemble most, and the margin withholds the name. With few, strangers go to the nearest known
/// face. Then the limit is lower, and the other faces of the event compete: those beyond the limit
/// are not the person's, and win when they are nearly as near.
///
/// On the labelled event, with 4 of 18 people known (thirty draws), the numbers for many give .87 /
/// .91 precision and recall, those for few .94 / .85. A reach of .02 to .035 and a rival margin of
/// .01 to .02 make no difference above .01; a reach of .04 costs .04 of precision, one of .01 and a
/// margin of .03 as much of recall.
struct Strictness: Hashable, Sendable {
    /// What the rule adds to the tolerance.
    let reach: Float
    /// How much farther than the person another face of the event, not the person's, must be.
    let rivalMargin: Float

    init(knownPeopleCount: Int, _ parameters: EvidenceParameters = .standard) {
        let share =
            Float(knownPeopleCount - parameters.few) / Float(parameters.many - parameters.few)
        let weight = parameters.steps.contains(.rivals) ? min(1, max(0, share)) : 1
        func between(_ few: Float, _ many: Float) -> Float { few + weight * (many - few) }
        reach = between(parameters.fewReach, parameters.reach)
        rivalMargin = between(parameters.fewRivalMargin, parameters.manyRivalMargin)
    }
    /// How far a face may be from a person.
    func limit(_ settings: MatchSettings) -> Float { settings.tolerance + reach }
}
