internal import PhotoIndex
internal import AlbumCatalogue
internal import FaceCore
internal import SystemPackage

/// Which files go into which folder of the bin, and why.
///
/// A photo goes for the first of ``CleanFilter``'s reasons that it gives; of a photo with several
/// files one stays unless the photo itself goes. A photo that cannot be read, or of which too little
/// is there to tell, stays: nobody has seen what is on it.
///
/// What somebody chose outranks that: a photo to be kept is never moved for that reason, and one to
/// be sorted out is. When a best photo was sorted out, the next best stays, unless another one was
/// chosen to be kept; when all were sorted out, all are moved.
struct CleanPlan: Sendable {
    struct Verdict: Sendable {
        let file: SurveyedFile
        let filter: CleanFilter
        let reason: String
        /// What stays instead; `nil` when it is moved for what it is itself.
        let staying: SurveyedFile?
    }

    /// A file that a filter asks about.
    struct Row: Sendable {
        let file: SurveyedFile
        /// Whether it stays as far as that filter is concerned.
        let isKept: Bool
        /// The text follows the name.
        let reason: String
        /// What was chosen for its photo.
        let choice: Choice.Verdict
        /// Whether it is another file of a photo that has a row already.
        let isCopy: Bool
    }

    /// Files that are looked at side by side.
    struct Group: Sendable {
        /// The one first that is the best.
        let rows: [Row]
        /// Whether they are of one burst; else they show one picture.
        let isBurst: Bool
    }

    /// In the order of the files.
    let verdicts: [Verdict]
    /// In the order of the files: of duplicates each picture with several files, of the other
    /// filters each file by itself. What goes for an earlier reason is not asked about again.
    let groups: [CleanFilter: [Group]]

    /// - Parameters:
    ///   - filters: those that photos go for; groups of duplicates are told of in any case.
    ///   - choice: what was chosen for a photo regarding a filter.
    init(
        _ facts: CleanFacts, filters: Set<CleanFilter>,
        choice: (ContentHash, CleanFilter) -> Choice.Verdict
    ) {
        var going: [SurveyedFile: (filter: CleanFilter, reason: String, staying: SurveyedFile?)] =
            [:]
        func ask(_ filter: CleanFilter, _ group: Group) -> Group {
            if filters.contains(filter) {
                let staying = group.rows.first(where: \.isKept)?.file
                for row in group.rows where !row.isKept {
                    going[row.file] = (filter, row.reason, staying)
                }
            }
            return group
        }
        let position = Dictionary(
            uniqueKeysWithValues: facts.files.enumerated().map { ($1, $0) })
        let filesOfPhoto = Dictionary(grouping: facts.files, by: \.photo)
            .mapValues { files in files.sorted { Self.isBetterName($0.name, $1.name) } }
        var groups: [CleanFilter: [Group]] = [:]
        groups[.duplicates] = Self.pictures(facts, filesOfPhoto, choice)
            .map { picture in
                ask(.duplicates, picture.group(filesOfPhoto, best: facts.best, choice))
            }
            .sorted { position[$0.rows[0].file] ?? 0 < position[$1.rows[0].file] ?? 0 }
        for filter in CleanFilter.allCases where filter != .duplicates && filters.contains(filter) {
            var seen: Set<ContentHash> = []
            groups[filter] = facts.files.filter { going[$0] == nil }.compactMap { file in
                let choice = choice(file.photo, filter)
                guard let photo = facts.photos[file.photo], photo.condition == .analysed,
                    let suggestion = Self.suggestion(filter, photo, facts)
                        ?? (choice == .discard ? CleanReasons.sortedOutByYou : nil)
                else { return nil }
                return ask(
                    filter,
                    Group(
                        rows: [
                            Row(
                                file: file, isKept: choice == .keep,
                                reason: CleanReasons.chosen(choice) ?? suggestion, choice: choice,
                                isCopy: !seen.insert(file.photo).inserted)
                        ], isBurst: false))
            }
        }
        self.groups = groups
        verdicts = facts.files.compactMap { file in
            going[file].map {
                Verdict(
                    file: file, filter: $0.filter, reason: $0.reason,
                    // The best of several may be moved as well, for what it is itself.
                    staying: $0.staying.flatMap { going[$0] == nil ? $0 : nil })
            }
        }
    }

    /// How many photos stay, or go, because somebody chose so.
    func chosenCount(_ choice: Choice.Verdict, filters: Set<CleanFilter>) -> Int {
        filters.reduce(0) { sum, filter in
            sum
                + (groups[filter] ?? []).reduce(0) { sum, group in
                    sum + group.rows.count { $0.choice == choice && !$0.isCopy }
                }
        }
    }

    /// Why a photo should go for a filter that looks at each by itself.
    private static func suggestion(
        _ filter: CleanFilter, _ photo: PhotoRecord, _ facts: CleanFacts
    ) -> String? {
        let faceCount = facts.faceCounts[photo.hash] ?? 0
        switch filter {
        case .duplicates: return nil
        case .blurred:
            guard let sharpness = facts.sharpness[photo.hash], sharpness.isBlurred else {
                return nil
            }
            return CleanReasons.blurred(sharpness, limit: BlurSettings.default.leastRadius)
        case .noFaces: return faceCount == 0 ? CleanReasons.noFaces : nil
        case .noKnown:
            return facts.photosOfKnown.contains(photo.hash)
                ? nil : CleanReasons.noKnown(faceCount: faceCount)
        }
    }

    /// The groups of duplicates, in any order.
    private static func pictures(
        _ facts: CleanFacts, _ filesOfPhoto: [ContentHash: [SurveyedFile]],
        _ choice: (ContentHash, CleanFilter) -> Choice.Verdict
    ) -> [Picture] {
        let grouped = Set(facts.groups.flatMap { $0.members.map(\.photo) })
        // Files of one photo are a group too; what cannot be read can still be there twice. So is
        // what was sorted out when it was one: it goes, and the choice can be taken back.
        return facts.groups.map { Picture(members: $0.members.map { ($0.photo, $0) }) }
            + filesOfPhoto
            .filter { photo, files in
                !grouped.contains(photo)
                    && (files.count > 1 || choice(photo, .duplicates) == .discard)
            }
            .map { Picture(members: [($0.key, nil)]) }
    }

    /// Of files with equal bytes the one whose name looks like the original's: nearer the top, then
    /// shorter, as `IMG_1.jpg` beside `IMG_1 (copy).jpg`.
    private static func isBetterName(_ one: FilePath, _ other: FilePath) -> Bool {
        if one.components.count != other.components.count {
            return one.components.count < other.components.count
        }
        let (left, right) = (one.bytes, other.bytes)
        return left.count == right.count
            ? left.lexicographicallyPrecedes(right) : left.count < right.count
    }
}

/// One picture or burst: its photos, the best first, and what they are to it.
private struct Picture {
    let members: [(photo: ContentHash, member: DuplicateGroup.Member?)]

    /// Which of its files stay.
    func group(
        _ filesOfPhoto: [ContentHash: [SurveyedFile]], best: ([ContentHash]) -> ContentHash?,
        _ choice: (ContentHash, CleanFilter) -> Choice.Verdict
    ) -> CleanPlan.Group {
        let choices = members.map { choice($0.photo, .duplicates) }
        func photos(_ wanted: Choice.Verdict) -> [ContentHash] {
            zip(members, choices).filter { $0.1 == wanted }.map(\.0.photo)
        }
        let original = members[0].photo
        let isOverruled = choices[0] == .discard
        /// The best of those that stay; when all go, none is.
        let staying =
            isOverruled ? best(photos(.keep)) ?? best(photos(.none)) : original
        func name(_ photo: ContentHash?) -> FilePath? {
            photo.flatMap { filesOfPhoto[$0]?[0].name }
        }

        var rows: [CleanPlan.Row] = []
        for ((photo, member), choice) in zip(members, choices) {
            let isKept = photo == staying || choice == .keep
            for (number, file) in (filesOfPhoto[photo] ?? []).enumerated() {
                let reason =
                    if number > 0 {
                        CleanReasons.exactCopy(of: name(photo))
                    } else if let chosen = CleanReasons.chosen(choice) {
                        chosen
                    } else if photo == staying {
                        isOverruled ? CleanReasons.nextBest : CleanReasons.kept(member)
                    } else if isOverruled {
                        CleanReasons.like(name(original), staying: name(staying))
                    } else if let member, let best = name(staying) {
                        CleanReasons.sentence(member, best: best)
                    } else {
                        CleanReasons.exactCopy(of: name(staying))
                    }
                rows.append(
                    CleanPlan.Row(
                        file: file, isKept: isKept && number == 0, reason: reason, choice: choice,
                        isCopy: number > 0))
            }
        }
        return CleanPlan.Group(
            rows: rows, isBurst: members.contains { $0.member?.relation == .burst })
    }
}
