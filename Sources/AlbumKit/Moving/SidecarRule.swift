/// What becomes of the files beside a photo that moves: `IMG_1.xmp`, `IMG_1.MOV`, `IMG_1.CR2`.
public enum SidecarRule: String, Hashable, Sendable, Codable, CaseIterable {
    case move, leave
}
