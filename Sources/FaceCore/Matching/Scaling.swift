// Encodings of another scale than dlib's are brought to dlib's before they are judged, and what the
// judgement says of distances is brought back.

extension FaceEncodings {
    /// Both multiplied by `factor`, which must leave them finite.
    package func scaled(by factor: Float) -> FaceEncodings {
        FaceEncodings(plain: plain.scaled(by: factor), mirrorMean: mirrorMean.scaled(by: factor))
    }
}

extension FaceEncoding {
    fileprivate func scaled(by factor: Float) -> FaceEncoding {
        guard let scaled = FaceEncoding(components: components.map { $0 * factor }) else {
            preconditionFailure("a scale beyond all encodings")
        }
        return scaled
    }
}

extension Face {
    /// The face with its encodings multiplied by `factor`.
    package func scaled(by factor: Float) -> Face {
        Face(id: id, box: box, confidence: confidence, encodings: encodings.scaled(by: factor))
    }
}

extension Reference {
    /// The reference with its encodings multiplied by `factor`.
    package func scaled(by factor: Float) -> Reference {
        Reference(
            id: id, person: person, encodings: encodings.scaled(by: factor), isPortrait: isPortrait)
    }
}

extension Match {
    /// The match with all distances and limits multiplied by `factor`.
    package func scaled(by factor: Float) -> Match {
        Match(
            face: face, named: named?.scaled(by: factor), nearest: nearest?.scaled(by: factor),
            runnerUp: runnerUp?.scaled(by: factor), band: band, reason: reason,
            evidence: evidence?.scaled(by: factor))
    }
}

extension Candidate {
    fileprivate func scaled(by factor: Float) -> Candidate {
        Candidate(person: person, reference: reference, distance: distance * factor)
    }
}

extension Evidence {
    fileprivate func scaled(by factor: Float) -> Evidence {
        Evidence(
            faceCount: faceCount, ownDistance: ownDistance * factor, limit: limit * factor,
            lookAlike: lookAlike,
            rival: rival.map {
                Rival(face: $0.face, faceCount: $0.faceCount, distance: $0.distance * factor)
            }, copy: copy)
    }
}
