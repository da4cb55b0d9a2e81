import Hashing

extension HashingError: Explainable {
  var explanation: Explanation {
    switch self {
    case .libraryMissing(let file, let package): Explained.missingLibrary(file, package: package)
    case .algorithmUnavailable(let algorithm): Explained.missingAlgorithm(algorithm)
    }
  }
}
