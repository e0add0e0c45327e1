package import AlbumCatalogue
package import FaceCore

/// Judges an album again, from its catalogue and what a person said: who is in the photos, who the
/// strangers are, what to ask. Reads no photo and touches no file of the album.
package struct AlbumRecognition {
    private let people: DecidedPeople
    private let catalogue: Catalogue
    private var settings: MatchSettings

    /// - Parameters:
    ///   - workspace: opened to write, or a rehearsal.
    ///   - settings: those of the last matches when `nil`.
    package init(_ workspace: Workspace, settings: MatchSettings? = nil) throws {
        people = DecidedPeople(workspace)
        catalogue = workspace.catalogue
        self.settings = try settings ?? workspace.catalogue.settingsOfMatches().match
        self.settings.scalesLimits = try workspace.catalogue.hasBroughtEncoder()
    }

    /// Judges. What follows from the answers alone is stored in the catalogue at once - people by
    /// name, their faces that stand for them; the judgement itself is not.
    ///
    /// - Parameters:
    ///   - known: all that the catalogue knows, if it was read already.
    ///   - earlier: a judgement of the same photos, before a person said more about them.
    package func judgement(
        of known: [PhotoRecord]? = nil, after earlier: RecognitionResult? = nil
    ) throws -> RecognitionResult {
        _ = try people.rename()
        let (numbers, notes) = try people.remember()
        let photos = try known ?? earlier?.photos ?? catalogue.photos()
        let faces = photos.flatMap(\.faces)
        let decided = people.book.decisions(on: faces)
        try catalogue.replaceFaceReferences(standIns(in: photos, decided, numbers))
        let recognition = try EventRecognition(
            of: faces, in: catalogue, settings: settings, decided: decided, people: numbers,
            nearDuplicates: earlier?.recognition.nearDuplicates)
        let clusters = try AlbumClusters(
            of: photos, recognition, ties: decided.ties, in: catalogue)
        return RecognitionResult(
            photos: photos, decided: decided, recognition: recognition, clusters: clusters,
            people: PeopleOfPhotos(
                recognition.matches, recognition.copiedNames, unfound: decided.unfound,
                numbers: numbers),
            notes: notes)
    }

    private func standIns(
        in photos: [PhotoRecord], _ decided: DecidedFaces, _ numbers: [String: PersonID]
    ) -> [(person: PersonID, face: FaceKey)] {
        guard !decided.verdicts.isEmpty else { return [] }
        let named = photos.flatMap(\.recordedFaces).compactMap { recorded -> NamedFace? in
            guard let verdict = decided.verdicts[recorded.face.id],
                let person = verdict.person.flatMap({ numbers[$0.folded] })
            else { return nil }
            return NamedFace(
                face: recorded.face, person: person, isClear: UnnamedFace(recorded).isClear,
                isPortrait: verdict.isPortrait)
        }
        return FaceCore.standIns(among: named).map { ($0.person, FaceKey($0.face)) }
    }

    /// Stores a judgement in the catalogue where it changed.
    ///
    /// The `run` is begun for it; its settings explain it. When `nil`, it is the run of the last
    /// matches; nothing is stored if there is none.
    package func record(
        _ judgement: RecognitionResult,
        as run: (settings: String, begin: () throws -> String)? = nil
    ) throws {
        let last = try catalogue.runOfMatches()
        let recognition = judgement.recognition
        let isRecorded =
            try last != nil && (run == nil || last?.settings == run?.settings)
            && recognition.matches == catalogue.matches()
            && recognition.copiedNames == catalogue.copiedNames()
        if !isRecorded, let id = try run?.begin() ?? last?.id {
            try catalogue.replaceMatches(
                recognition.matches, copiedNames: recognition.copiedNames, run: id)
        }
        try judgement.clusters.record(in: catalogue)
    }
}

/// What ``AlbumRecognition`` found.
package struct RecognitionResult {
    /// All that the catalogue knows.
    package let photos: [PhotoRecord]
    package let decided: DecidedFaces
    package let recognition: EventRecognition
    package let clusters: AlbumClusters
    package let people: PeopleOfPhotos
    /// Things the user should know, each a sentence.
    package let notes: [String]

    /// The questions, without the faces of people who are no guests.
    package var questions: [Question] {
        let hidden = Set(
            clusters.all.filter { clusters.hidden.contains($0.number) }.flatMap(\.faces))
        guard !hidden.isEmpty else { return recognition.questions }
        return recognition.questions.compactMap { question in
            let open = question.faces.filter { !hidden.contains($0) }
            return open.isEmpty
                ? nil
                : Question(faces: open, nearest: question.nearest, runnerUp: question.runnerUp)
        }
    }
}
