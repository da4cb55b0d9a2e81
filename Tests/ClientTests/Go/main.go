// Says where the AWS SDK for Go finds credentials, and what AWS answers to them.
//
// Usage: go-client [renewed]
//
// With `renewed` it goes on asking until it has other credentials than at first.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func run() error {
	background := context.Background()
	resolve := func(service, region string, options ...interface{}) (aws.Endpoint, error) {
		return aws.Endpoint{URL: os.Getenv("AWS_ENDPOINT_URL"), SigningRegion: region}, nil
	}
	settings, err := config.LoadDefaultConfig(
		background, config.WithEndpointResolverWithOptions(aws.EndpointResolverWithOptionsFunc(resolve)))
	if err != nil {
		return err
	}
	first, err := settings.Credentials.Retrieve(background)
	last := first
	end := time.Now().Add(time.Minute)
	for err == nil && len(os.Args) > 1 && last.AccessKeyID == first.AccessKeyID && time.Now().Before(end) {
		last, err = settings.Credentials.Retrieve(background)
	}
	if err != nil {
		return err
	}
	answer, err := sts.NewFromConfig(settings).GetCallerIdentity(background, nil)
	if err != nil {
		return err
	}
	fmt.Printf("%s renewed=%t %s\n", last.Source, last.AccessKeyID != first.AccessKeyID, *answer.Arn)
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
