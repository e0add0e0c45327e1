import PhotoIndex
import FileLedger
import AlbumKit
import FaceCore
import Foundation
import SystemPackage

/// A host who names an event's clusters one after the other, knows everybody, and makes no mistake.
private struct Host {
    let event: LabelledEvent
    /// The people to name: everybody in three photos or more.
    let guests: [String]
    private let numbers: [String: PersonID]
    private var verdicts: [FaceID: (person: String?, excluded: Set<String>)] = [:]
    private(set) var sayings: [[Statement]] = []
    private(set) var interactions = 0
    private(set) var matches: [Match] = []
    private(set) var clusters: [Cluster] = []
    private let boxes: [FaceID: FaceBox]
    private let encodings: [FaceID: FaceEncoding]

    init(_ event: LabelledEvent) {
        self.event = event
        var photos: [String: Set<ContentHash>] = [:]
        for (face, name) in event.identity where !name.isEmpty {
            photos[name, default: []].insert(face.photo)
        }
        guests = photos.filter { $0.value.count >= 3 }.keys.sorted()
        numbers = Dictionary(
            uniqueKeysWithValues: photos.keys.sorted().enumerated().map {
                ($0.element, PersonID(rawValue: Int64($0.offset + 1)))
            })
        encodings = Dictionary(
            uniqueKeysWithValues: event.faces.map { ($0.id, $0.encodings.mirrorMean) })
        boxes = Dictionary(uniqueKeysWithValues: event.faces.map { ($0.id, $0.box) })
    }

    /// Compares all faces with the people who have a name by now.
    mutating func look() {
        let named = event.faces.compactMap { face -> NamedFace? in
            guard let name = verdicts[face.id]?.person, let person = numbers[name] else {
                return nil
            }
            return NamedFace(
                face: face, person: person, isClear: event.quality[face.id]?.isClear ?? true,
                isPortrait: false)
        }
        let references = standIns(among: named).enumerated().map {
            Reference(
                id: ReferenceID(rawValue: Int64($0.offset + 1)), person: $0.element.person,
                encodings: $0.element.face.encodings, isPortrait: false)
        }
        let decisions = verdicts.sorted { $0.key < $1.key }.flatMap { face, verdict in
            verdict.excluded.compactMap { numbers[$0].map { FaceDecision.isNotPerson(face, $0) } }
                + (verdict.person.flatMap { numbers[$0] }.map { [.isPerson(face, $0)] } ?? [])
        }
        matches = recognise(
            faces: event.faces, references: references, decisions: decisions,
            clusters: event.clusters, nearDuplicates: event.nearDuplicates,
            settings: MatchSettings())
        clusters = event.strangers(beside: matches)
    }

    /// The clusters of guests in three photos or more, in the order in which they are named.
    func toName(_ order: NamingOrder) -> [Cluster] {
        clusters.filter { photoCount($0) >= 3 && identity($0).map(guests.contains) ?? false }
            .map { (worth: order.worth(of: $0, encodings), cluster: $0) }
            .sorted {
                ($1.worth, $0.cluster.faces[0]) < ($0.worth, $1.cluster.faces[0])
            }.map(\.cluster)
    }

    func photoCount(_ cluster: Cluster) -> Int { Set(cluster.faces.map(\.photo)).count }

    /// The person of most of a cluster's faces.
    func identity(_ cluster: Cluster) -> String? {
        let counts = Dictionary(grouping: cluster.faces.compactMap { event.identity[$0] }) { $0 }
            .mapValues(\.count)
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    /// Names the faces of a cluster, and takes out those that are somebody else's.
    mutating func name(_ cluster: Cluster, _ name: String) {
        let own = cluster.faces.filter { event.identity[$0] == name }
        let others = cluster.faces.filter { event.identity[$0] != name }
        for face in own { verdicts[face, default: (nil, [])].person = name }
        for face in others { verdicts[face, default: (nil, [])].excluded.insert(name) }
        sayings.append(
            [.isPerson(keys(own), name: name)]
                + (others.isEmpty ? [] : [.isNotPerson(keys(others), name: name)]))
        interactions += 1 + others.count
    }

    private func keys(_ faces: [FaceID]) -> [FaceKey] {
        faces.map { FaceKey(photo: $0.photo, box: boxes[$0]!) }  // Faces of this event.
    }

    var isNamed: Set<String> { Set(verdicts.values.compactMap(\.person)) }

    var figures: [String] {
        let right = matches.count { match in
            match.named.map { numbers[event.identity[match.face] ?? ""] == $0.person } ?? false
        }
        let named = matches.count { $0.named != nil }
        let all = event.identity.values.count { guests.contains($0) }
        let precision = Double(right) / Double(max(1, named))
        let recall = Double(right) / Double(max(1, all))
        return [
            three(precision), three(recall),
            three(2 * precision * recall / max(1e-9, precision + recall)),
        ]
    }
}

/// Which cluster a host names first.
enum NamingOrder: String, CaseIterable {
    /// By ``/FaceCore/namingWorth(of:)``.
    case worth
    case largest
    /// The largest first, all before any faces are compared again.
    case atOnce

    fileprivate func worth(of cluster: Cluster, _ encodings: [FaceID: FaceEncoding]) -> Float {
        switch self {
        case .worth: namingWorth(of: cluster.faces.compactMap { encodings[$0] })
        case .largest, .atOnce: Float(cluster.faces.count)
        }
    }
}

/// Names an album's clusters by the truth about its event.
///
/// - Parameter writes: whether the answers are written into the album's journal of decisions.
func nameClusters(album: FilePath, folder: FilePath, _ order: NamingOrder, writes: Bool) throws {
    let event = try LabelledEvent(album: album, folder: folder)
    var host = Host(event)
    host.look()
    var open = host.toName(order)
    let perPerson = Dictionary(grouping: open.compactMap { host.identity($0) }) { $0 }
        .mapValues(\.count)
    print(
        "\(host.guests.count) people in three photos or more; \(open.count) clusters, more than one "
            + "of "
            + perPerson.filter { $0.value > 1 }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.key) (\($0.value))" }.joined(separator: ", "))
    while let cluster = open.first {
        open.removeFirst()
        guard let name = host.identity(cluster) else { continue }
        host.name(cluster, name)
        guard order != .atOnce else { continue }
        host.look()
        open = host.toName(order)
        print(
            "  \(host.interactions): \(name) (\(cluster.faces.count)); "
                + host.figures.joined(separator: " / ") + ", \(open.count) to go")
    }
    host.look()
    // People in no cluster of three photos are named by the largest cluster they are in.
    for guest in host.guests where !host.isNamed.contains(guest) {
        let own = host.clusters.filter { host.identity($0) == guest }
            .max { $0.faces.count < $1.faces.count }
        let alone = event.identity.filter { $0.value == guest }.keys.min()
            .map { Cluster(faces: [$0]) }
        guard let cluster = own ?? alone else { continue }
        print("  beside: \(guest) (\(cluster.faces.count))")
        host.name(cluster, guest)
        host.look()
    }
    print(
        "\(host.interactions) interactions for \(host.guests.count) people: "
            + three(Double(host.interactions) / Double(host.guests.count)) + " each; faces "
            + host.figures.joined(separator: " / "))
    guard writes else { return }
    var journal = try DecisionJournal(AlbumFolder(album))
    for sayings in host.sayings {
        _ = try journal.append(sayings, at: Date(timeIntervalSince1970: 1_800_000_000))
    }
}
