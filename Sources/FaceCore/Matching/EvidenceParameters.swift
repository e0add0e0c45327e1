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
        /// Faces of the event that are not the person's compete.
        package static let rivals = Steps(rawValue: 16)
        /// Near-duplicates share names.
        package static let copies = Steps(rawValue: 32)
        /// A person's limit ends at the nearest face that is certainly somebody else.
        package static let certainOthers = Steps(rawValue: 64)
        /// The other faces of a face's photos must be clearly farther from it than the person.
        package static let photoMates = Steps(rawValue: 128)
        /// Groups of a crowded person must be like the person's nearer ones.
        package static let alike = Steps(rawValue: 512)
        /// A match is sure only if no group of somebody else is nearer.
        package static let sureAlone = Steps(rawValue: 256)
        package static let all: Steps = [
            .margin, .lookAlikes, .clusters, .wholeClusters, .rivals, .copies, .certainOthers,
            .photoMates, .sureAlone, .alike,
        ]
    }

    package static let standard = EvidenceParameters()

    package var steps = Steps.all
    /// ``MatchSettings/evidenceReach``
    package var reach = MatchSettings.evidenceReach
    /// ``MatchSettings/margin``
    package var margin = MatchSettings.margin
    /// That of the settings' ``Naming`` when `nil`.
    package var rivalMargin: Float?
    /// Up to this distance two faces of one photo may be one person twice: a mirror, a picture on
    /// the wall, a collage. Two pictures of one person lie .38 +- .08 apart; .44 is as good.
    package var twice: Float = 0.40
    /// Pictures of one person lie up to this far apart on average; twins, .30 apart, .48.
    package var twiceOnAverage: Float = 0.42
    /// So many photos tell what the average is.
    package var fewestTwice = 8
    /// How much the mean distance to a person's references counts, beside the least.
    package var meanWeight: Float = 0.5
    /// Of this many faces that are certainly not a person's, one may be near by accident.
    package var facesPerAccident = 10_000
    /// Certain others lower no limit below this one.
    package var leastLimit: Float = 0.36
    /// Of this many other faces of a group's photos, one may be near by accident, such as a mirror
    /// image; a group with fewer needs all of them to be farther.
    package var matesPerAccident = 24
    /// By how much a sure match must lead everything else where a certain other sets the limit: it
    /// shows that strangers are near, and those who are alone in their photos may be nearer.
    package var crowdedLead: Float = 0.06

    /// ... and by how much more for each unit that the certain other is nearer than the usual limit:
    /// the more crowded, the likelier.
    package var crowdedLeadGrowth: Float = 0.5
    /// Up to this distance faces may be a person's whatever the person's other faces look like.
    package var closeDistance: Float = 0.40

    package init() {}
}
