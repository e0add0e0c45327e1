internal import PhotoLearning
internal import Synchronization

/// The label network's file, loaded when the first photo needs it: a run in which every photo has
/// its label never loads it.
final class LazyLabelModel: Sendable {
    private let file: LabelNetworkFile
    private let model = Mutex<LabelNetworkModel?>(nil)

    init(_ file: LabelNetworkFile) {
        self.file = file
    }

    func loaded() throws(LabelNetworkError) -> LabelNetworkModel {
        try model.withLock { (model) throws(LabelNetworkError) in
            if let model { return model }
            let loaded = try LabelNetworkModel(file)
            model = loaded
            return loaded
        }
    }
}
