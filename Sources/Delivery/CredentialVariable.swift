/// The environment variables from which AWS SDKs take credentials and region.
enum CredentialVariable: String, CaseIterable {
  case accessKeyID = "AWS_ACCESS_KEY_ID"
  case secretAccessKey = "AWS_SECRET_ACCESS_KEY"
  case sessionToken = "AWS_SESSION_TOKEN"
  /// Past, it makes boto3 and both AWS CLIs refuse credentials that are good.
  case expiration = "AWS_CREDENTIAL_EXPIRATION"
  case region = "AWS_REGION"
  case defaultRegion = "AWS_DEFAULT_REGION"
}
