extension ReviewPictures {
    func face(_ face: ReviewFace, of photo: ReviewFacts.KnownPhoto, side: Int) -> [UInt8]? {
        let side = Self.nearest(side, Self.faceSides)
        return cached("face-\(face.id.rawValue)-\(side)") {
            disk.photo(photo.record.hash, atOneOf: photo.paths) {
                try Self.cut(face.box, from: $0, side: side)
            }
        }
    }

    func portrait(_ portrait: ReviewFacts.KnownPortrait, side: Int) -> [UInt8]? {
        let side = Self.nearest(side, Self.faceSides)
        return cached("portrait-\(portrait.token.rawValue)-\(side)") {
            disk.photo(portrait.portrait.file.hash, atOneOf: [portrait.path]) { source in
                guard let face = portrait.portrait.outcome.chosen else {
                    return try source.pixels(maximumSide: side).jpegData(quality: Self.quality)
                }
                return try Self.cut(face.box, from: source, side: side)
            }
        }
    }
}
