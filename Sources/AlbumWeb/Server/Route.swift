internal import AlbumKit
internal import FaceCore

/// An address of the pages: a word, and an id of something in the album.
///
/// Nothing in it is decoded or joined to a path, so no address can name a file.
enum Route: Hashable, Sendable {
    case start, doubts, moreDoubts, groups, people, missed, plan, sort, undo, progress, move,
        dropped
    case clean(CleanFilter)
    case judged(KeepBands.Band)
    case group(ClusterNumber)
    case person(ReviewToken)
    case photo(ReviewToken)
    case draw(ReviewToken)
    case facePicture(ReviewToken)
    case photoPicture(ReviewToken)
    case portraitPicture(ReviewToken)
    case look(Look)

    /// Style, script and icon of the pages.
    enum Look: String, CaseIterable, Sendable {
        case style = "facesort.css"
        case script = "enhance.js"
        case icon = "icon.svg"
    }

    private static let words: [String: Route] = [
        "": .start, "doubts": .doubts, "more-doubts": .moreDoubts, "groups": .groups,
        "people": .people, "missed": .missed,
        "plan": .plan, "sort": .sort, "undo": .undo, "progress": .progress,
        "move": .move, "dropped": .dropped,
    ].merging(CleanFilter.allCases.map { ($0.folder, .clean($0)) }) { first, _ in first }
        .merging(KeepBands.Band.allCases.map { ($0.rawValue, .judged($0)) }) { first, _ in first }

    /// - Returns: `nil` unless `path` is, byte for byte, what ``path`` gives.
    init?(path: some StringProtocol) {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard let first = parts.first, first.isEmpty else { return nil }
        switch parts.count {
        case 2:
            if let route = Self.words[parts[1]] {
                self = route
            } else if let look = Look(rawValue: parts[1]) {
                self = .look(look)
            } else {
                return nil
            }
        case 3:
            guard let route = Self.route(word: parts[1], id: parts[2]) else { return nil }
            self = route
        default: return nil
        }
    }

    private static func route(word: String, id: String) -> Route? {
        if word == "group" { return number(id).map(Route.group) }
        let pictures: [String: (ReviewToken) -> Route] = [
            "face": Route.facePicture, "photo-picture": Route.photoPicture,
            "portrait": Route.portraitPicture,
        ]
        if let picture = pictures[word] {
            guard id.hasSuffix(".jpg") else { return nil }
            return ReviewToken(rawValue: String(id.dropLast(4))).map(picture)
        }
        let pages: [String: (ReviewToken) -> Route] = [
            "person": Route.person, "photo": Route.photo, "draw": Route.draw,
        ]
        guard let page = pages[word] else { return nil }
        return ReviewToken(rawValue: id).map(page)
    }

    /// A cluster's number in an address: digits without a leading zero.
    static func number(_ text: some StringProtocol) -> ClusterNumber? {
        guard let number = Int(text), number > 0, String(number) == text else { return nil }
        return ClusterNumber(rawValue: number)
    }

    var path: String {
        switch self {
        case .group(let number): "/group/\(number.rawValue)"
        case .person(let id): "/person/\(id.rawValue)"
        case .photo(let id): "/photo/\(id.rawValue)"
        case .draw(let id): "/draw/\(id.rawValue)"
        case .facePicture(let id): "/face/\(id.rawValue).jpg"
        case .photoPicture(let id): "/photo-picture/\(id.rawValue).jpg"
        case .portraitPicture(let id): "/portrait/\(id.rawValue).jpg"
        case .look(let look): "/" + look.rawValue
        case .start: "/"
        case .doubts: "/doubts"
        case .moreDoubts: "/more-doubts"
        case .groups: "/groups"
        case .people: "/people"
        case .missed: "/missed"
        case .plan: "/plan"
        case .sort: "/sort"
        case .undo: "/undo"
        case .progress: "/progress"
        case .move: "/move"
        case .dropped: "/dropped"
        case .clean(let filter): "/" + filter.folder
        case .judged(let band): "/" + band.rawValue
        }
    }

    /// Whether it takes forms.
    var takesForms: Bool {
        switch self {
        case .doubts, .moreDoubts, .group, .person, .photo, .draw, .sort, .undo, .move, .clean,
            .judged:
            true
        default: false
        }
    }

    /// Whether it takes files.
    var takesFiles: Bool { self == .dropped }

    /// Whether it has a page.
    var isShown: Bool { self != .undo }
}
