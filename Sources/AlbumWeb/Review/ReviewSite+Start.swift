internal import FaceCore
internal import AlbumKit

// The first page.
extension ReviewSite {
    func startPage(_ query: Form) throws(AlbumError) -> Reply {
        let start = try review.start()
        let people = try review.people()
        let faceless = start.photosWithoutFaces
        let notice = result(query, back: .start)
        // A notice has the undo button already.
        let last = notice == nil ? review.lastReceipt : nil
        return frame(
            StartView(
                heading: heading(start), lead: lead(start),
                firstGroup: start.firstToName?.rawValue,
                doubts: start.questions.isEmpty
                    ? nil : "Check \(grouped(start.questions.count)) doubtful",
                isSettled: start.groups.isEmpty && start.questions.isEmpty,
                share: ShareView(start), isReconsidering: review.isReconsidering,
                mosaic: mosaic(start, people),
                mosaicLink: start.groups.first.map { Route.group($0.number).path } ?? "/people",
                mosaicLabel: start.groups.first.map {
                    "Name the largest group, \(counted($0.photoCount, "photo"))"
                } ?? "Look at the people",
                groups: start.groups.prefix(Self.groupsOnStart).map(LotView.init),
                allGroups: start.groups.count == 1
                    ? "All groups" : "All \(grouped(start.groups.count)) groups",
                question: start.questions.first.map { question in
                    let all = counted(
                        start.questions.count, "doubtful match", "doubtful matches")
                    return QuestionView(
                        question, at: .doubts, place: "1 of \(all).", review.revision)
                },
                hasTroubles:
                    !(start.portraitTroubles.isEmpty && start.failures.isEmpty
                    && faceless.isEmpty),
                portraits: FirstFewView(troubles(start, people)),
                failures: FirstFewView(start.failures.map(ItemView.named)),
                faceless: faceless.isEmpty
                    ? nil
                    : .init(
                        count: grouped(faceless.count),
                        photos: faceless.prefix(Self.photosOnStart).map(PhotoView.init),
                        all: "Look through \(counted(faceless.count, "photo"))"),
                last: last.flatMap { receipt in
                    receipt.number.map {
                        .init(
                            revision: review.revision, number: $0, sentence: receipt.sentence)
                    }
                }),
            title: "Review", at: .start, notice: notice,
            watched: review.isReconsidering ? "review" : nil)
    }

    private static let groupsOnStart = 4

    private func heading(_ start: ReviewStart) -> String {
        if !start.groups.isEmpty {
            return start.groups.count == 1
                ? "1 person still has no name"
                : "\(grouped(start.groups.count)) people still have no name"
        }
        if !start.questions.isEmpty {
            return start.questions.count == 1
                ? "1 match is doubtful" : "\(grouped(start.questions.count)) matches are doubtful"
        }
        return start.personCount > 0 ? "Everyone has a name" : "There is nobody to name"
    }

    private func lead(_ start: ReviewStart) -> String {
        let photos = counted(start.photoCount, "photo")
        if !start.groups.isEmpty {
            let minutes = max(
                1, (start.groups.count * Self.secondsPerGroup + 59) / 60)
            return "They are in \(grouped(start.groupPhotoCount)) of your \(photos). About "
                + "\(counted(minutes, "minute")), the group that helps most first."
        }
        if !start.questions.isEmpty {
            return "Everybody in three photos or more has a name. The doubtful photos are in "
                + "no person’s folder until you answer."
        }
        return "\(counted(start.personCount, "person", "people")), \(photos), nothing left to "
            + "check. Your answers are kept even if you sort again with other settings."
    }

    /// The time that looking at a group and typing a name takes, from timed visits.
    private static let secondsPerGroup = 20

    /// The faces at the top of the page, as addresses of pictures.
    private func mosaic(_ start: ReviewStart, _ people: [ReviewPerson]) -> [String] {
        if let group = start.groups.first {
            return group.faces.prefix(5).map { Route.facePicture($0.id).path }
        }
        return people.sorted { $0.photoCount > $1.photoCount }.compactMap(\.picture).prefix(5)
            .map { $0 }
    }

    private func troubles(
        _ start: ReviewStart, _ people: [ReviewPerson]
    ) -> [StartView.PortraitTrouble] {
        let byName = Dictionary(people.map { ($0.name, $0) }) { first, _ in first }
        return start.portraitTroubles.map { trouble in
            let person = byName[trouble.person]
            return StartView.PortraitTrouble(
                person: trouble.person, sentence: trouble.sentence, remedy: trouble.remedy,
                picture: person?.picture, link: person.map { Route.person($0.id).path })
        }
    }

    private static let photosOnStart = 6
}

struct StartView: TemplateView {
    struct PortraitTrouble: TemplateFields {
        let person: String
        let sentence: String
        let remedy: String
        let picture: String?
        let link: String?
    }

    /// Photos in which no face was found.
    struct Faceless: TemplateFields {
        let count: String
        let photos: [PhotoView]
        let all: String
    }

    /// The last answer, with a form that takes it back.
    struct Last: TemplateFields {
        let revision: Int
        let number: Int
        let sentence: String
    }

    let heading: String
    let lead: String
    let firstGroup: Int?
    let doubts: String?
    let isSettled: Bool
    let share: ShareView?
    let isReconsidering: Bool
    /// The addresses of pictures.
    let mosaic: [String]
    let mosaicLink: String
    let mosaicLabel: String
    let groups: [LotView]
    let allGroups: String
    let question: QuestionView?
    let hasTroubles: Bool
    let portraits: FirstFewView<PortraitTrouble>?
    let failures: FirstFewView<ItemView>?
    let faceless: Faceless?
    let last: Last?
}

/// How many of the faces have a name, for the template `share`.
struct ShareView: TemplateFields {
    let namedShare: Int
    let doubtfulShare: Int
    let named: String
    let doubtful: String?
    let unnamed: String?
    let leftOut: String?
    let said: String

    /// - Returns: `nil` without a face.
    init?(_ start: ReviewStart) {
        guard start.faceCount > 0 else { return nil }
        func percent(_ count: Int) -> Int {
            count == 0 ? 0 : max(1, count * 100 / start.faceCount)
        }
        func text(_ count: Int) -> String? { count == 0 ? nil : grouped(count) }
        namedShare = percent(start.namedFaceCount)
        doubtfulShare = percent(start.doubtfulFaceCount)
        named = grouped(start.namedFaceCount)
        doubtful = text(start.doubtfulFaceCount)
        unnamed = text(start.unnamedFaceCount)
        leftOut = text(start.leftOutFaceCount)
        said =
            "\(named) of \(counted(start.faceCount, "face")) have a name, "
            + "\(grouped(start.doubtfulFaceCount)) are doubtful, "
            + "\(grouped(start.unnamedFaceCount)) have no name"
    }
}

/// The first items of a list, and the rest to unfold.
struct FirstFewView<Item: TemplateFields>: TemplateFields {
    private static var shownCount: Int { 3 }

    let count: String
    let first: [Item]
    let rest: [Item]

    /// - Returns: `nil` without any.
    init?(_ items: [Item]) {
        guard !items.isEmpty else { return nil }
        count = grouped(items.count)
        first = Array(items.prefix(Self.shownCount))
        rest = Array(items.dropFirst(Self.shownCount))
    }
}
