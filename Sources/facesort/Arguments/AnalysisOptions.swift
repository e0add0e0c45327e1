internal import PhotoIndex
import ArgumentParser
import FaceCore

/// How photos are analysed, for every command that does so.
struct AnalysisOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            How thoroughly faces are looked for: balanced, or thorough, which finds a few more \
            small and turned ones in two to four times the time (default: as last time, at \
            first balanced).
            """, valueName: "depth"))
    var search: SearchDepth?

    @OptionGroup var networks: NetworkOptions

    /// The photos and people of a command, to be analysed as these flags say.
    func request(
        photos: [PathArgument], people: PathArgument?, album: PathArgument? = nil
    ) -> SurveyRequest {
        var request = SurveyRequest(photos: photos.map(\.path))
        request.people = people?.path
        request.album = album?.path
        request.search = search
        request.encoder = networks.encoder?.choice
        request.engine = networks.engine ?? request.engine
        request.jobs = networks.jobs
        request.models = networks.models?.path
        return request
    }
}

/// The networks that find and encode faces, and how many work at once.
struct NetworkOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            What encodes faces: dlib, or a file with the same network and other weights, see \
            'facesort models' (default: as last time, at first dlib).
            """, valueName: "file"))
    var encoder: EncoderArgument?

    @Option(
        help: ArgumentHelp(
            """
            What runs the networks: auto, the quickest here; f32 or bf16, oneDNN with that \
            arithmetic; dlib, the slow reference (default: auto).
            """, valueName: "engine"))
    var engine: EngineChoice?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How many photos to analyse at once (default: the number of processor cores).",
            valueName: "count"))
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            """
            The folder of the model files (default: $FACESORT_MODELS, else \
            $XDG_DATA_HOME/facesort/models).
            """, valueName: "folder"))
    var models: PathArgument?

    func validate() throws {
        try Validation.count(jobs, flag: "--jobs", example: 2)
    }

    /// Whether any of the flags was used.
    var isGiven: Bool { encoder != nil || engine != nil || jobs != nil || models != nil }
}
