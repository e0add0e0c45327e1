internal import FaceCore
internal import PhotoIndex
internal import AlbumKit
internal import Synchronization

/// Files that a user drops on the pages of `keep apply`: judged one by one; the latest stay in
/// memory while the pages are served.
final class DroppedPhotos: Sendable {
    /// How many are remembered; each has a picture of about 200 KB.
    static let mostCount = 100

    private struct Held {
        var photos: [DroppedPhoto] = []
        var task: Task<Result<DroppedPhoto, AlbumError>, Never>?
    }

    private let look: KeepReview
    private let executor = QueueExecutor("facesort.dropped")
    private let held = Mutex(Held())

    init(_ look: KeepReview) {
        self.look = look
    }

    /// The newest first; each file once.
    var photos: [DroppedPhoto] { held.withLock { $0.photos } }

    func picture(_ id: ReviewToken) -> [UInt8]? {
        held.withLock { $0.photos.first { $0.photo.id == id }?.picture }
    }

    /// - Throws: the errors of ``/AlbumKit/KeepReview/judge(_:named:)``.
    func judge(_ file: SentFile) async throws(AlbumError) {
        let task = Task(executorPreference: executor) {
            [look] () async -> Result<DroppedPhoto, AlbumError> in
            do throws(AlbumError) {
                return .success(try await look.judge(file.bytes, named: file.name))
            } catch {
                return .failure(error)
            }
        }
        held.withLock { $0.task = task }
        let photo = try await task.value.get()
        held.withLock { held in
            held.photos.removeAll { $0.photo.id == photo.photo.id }
            held.photos.insert(photo, at: 0)
            held.photos = Array(held.photos.prefix(Self.mostCount))
        }
    }

    /// Waits for the file in hand.
    func finish() async { _ = await held.withLock { $0.task }?.value }
}

extension KeepSite {
    func take(_ file: SentFile, at route: Route) async -> Reply {
        guard route == .dropped else { return nowhere }
        do throws(AlbumError) {
            try await dropped.judge(file)
        } catch {
            return failure(error)
        }
        return .goOn(to: route.path)
    }

    func droppedPage() -> Reply {
        let photos = dropped.photos
        return frame(
            DroppedView(
                heading: KeepWords.droppedHeading(
                    count: photos.count, judgedCount: photos.count { $0.verdict != nil }),
                lead: KeepWords.droppedLead, tabs: tabs(at: .dropped), command: command,
                photos: photos.map(DroppedView.Photo.init)),
            title: "New photos", at: .dropped)
    }
}

struct DroppedView: TemplateView {
    struct Photo: TemplateFields {
        let photo: PhotoView
        let hasPicture: Bool
        let reason: String?
        let trouble: String?
        let other: String?
        let details: String

        init(_ dropped: DroppedPhoto) {
            photo = PhotoView(dropped.photo)
            hasPicture = dropped.picture != nil
            reason = dropped.verdict.map {
                KeepWords.reason($0.band, $0.probability, $0.isOwnChoice)
            }
            trouble = dropped.trouble.map { "It \($0)." }
            other = dropped.isAmongPhotos ? "Already among your photos" : nil
            details = [
                dropped.verdict == nil ? nil : "\(photo.width) × \(photo.height)",
                dropped.verdict == nil ? nil : dropped.photo.taken?.clock ?? "no time",
                byteSize(dropped.byteCount),
            ].compactMap { $0 }.joined(separator: " · ")
        }
    }

    let heading: String
    let lead: String
    let tabs: TabsView
    let command: String
    let photos: [Photo]
}
