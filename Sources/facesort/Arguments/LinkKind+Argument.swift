public import FaceCore
public import ArgumentParser

extension LinkKind: ExpressibleByArgument {}
