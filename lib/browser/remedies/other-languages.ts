import { nameable, type Grant } from './grant.js'
import { items, lines, quote } from './text.js'

/** Spring Boot with servlets. The filter runs before Spring Security, which would refuse a preflight without a login. */
export function spring ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return lines(
    '// CorsConfig.java, a new file beside your application class: copy the `package` line of that one above this line.',
    '// There is nothing to install: CORS comes with spring-boot-starter-web.',
    'import java.util.List;',
    'import org.springframework.boot.web.servlet.FilterRegistrationBean;',
    'import org.springframework.context.annotation.Bean;',
    'import org.springframework.context.annotation.Configuration;',
    'import org.springframework.core.Ordered;',
    'import org.springframework.web.cors.CorsConfiguration;',
    'import org.springframework.web.cors.UrlBasedCorsConfigurationSource;',
    'import org.springframework.web.filter.CorsFilter;',
    '',
    '@Configuration',
    'public class CorsConfig {',
    '  @Bean',
    '  public FilterRegistrationBean<CorsFilter> corsFilter() {',
    '    CorsConfiguration cors = new CorsConfiguration();',
    `    cors.setAllowedOrigins(List.of(${items(origins, '"')}));`,
    `    cors.setAllowedMethods(List.of(${items(methods, '"')}));`,
    `    cors.setAllowedHeaders(List.of(${items(allowedHeaders, '"')}));`,
    exposedHeaders.length > 0 && `    cors.setExposedHeaders(List.of(${items(exposedHeaders, '"')}));`,
    credentials && '    cors.setAllowCredentials(true);',
    '    UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();',
    '    source.registerCorsConfiguration("/**", cors);',
    '    FilterRegistrationBean<CorsFilter> filter = new FilterRegistrationBean<>(new CorsFilter(source));',
    '    // Before Spring Security: a preflight carries no cookies.',
    '    filter.setOrder(Ordered.HIGHEST_PRECEDENCE);',
    '    return filter;',
    '  }',
    '}'
  )
}

/** ASP.NET Core with minimal hosting (from .NET 6 on), which leaves `Vary` out if one origin is allowed. */
export function aspnet ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return lines(
    '// In Program.cs, in place of the line `var app = builder.Build();`. There is nothing to install.',
    'builder.Services.AddCors(options => options.AddDefaultPolicy(policy =>',
    '{',
    `    policy.WithOrigins(${items(origins, '"')});`,
    `    policy.WithMethods(${items(methods, '"')});`,
    allowedHeaders.length > 0 && `    policy.WithHeaders(${items(allowedHeaders, '"')});`,
    exposedHeaders.length > 0 && `    policy.WithExposedHeaders(${items(exposedHeaders, '"')});`,
    credentials && '    policy.AllowCredentials();',
    '}));',
    '',
    'var app = builder.Build();',
    '',
    'app.Use((context, next) =>',
    '{',
    '    context.Response.OnStarting(() =>',
    '    {',
    '        context.Response.Headers.Append("Vary", "Origin");',
    '        return Task.CompletedTask;',
    '    });',
    '    return next(context);',
    '});',
    '// Before UseAuthentication and UseAuthorization: a preflight carries no cookies.',
    'app.UseCors();'
  )
}

/** Go's `net/http`, with `github.com/rs/cors`. */
export function go ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  // gofmt aligns the values.
  const gap = credentials ? '   ' : ' '
  return lines(
    '// cors.go, a new file beside main.go. There, serve allowCORS(app) in place of app, the http.Handler:',
    '// http.ListenAndServe(":8080", allowCORS(app)). Install it: go get github.com/rs/cors',
    'package main',
    '',
    'import (',
    '\t"net/http"',
    '',
    '\t"github.com/rs/cors"',
    ')',
    '',
    'func allowCORS(app http.Handler) http.Handler {',
    '\treturn cors.New(cors.Options{',
    `\t\tAllowedOrigins:${gap}[]string{${items(origins, '"')}},`,
    `\t\tAllowedMethods:${gap}[]string{${items(methods, '"')}},`,
    `\t\tAllowedHeaders:${gap}[]string{${items(nameable(allowedHeaders), '"')}},`,
    exposedHeaders.length > 0 && `\t\tExposedHeaders:${gap}[]string{${items(exposedHeaders, '"')}},`,
    credentials && '\t\tAllowCredentials: true,',
    '\t}).Handler(app)',
    '}'
  )
}

/** Laravel from 9.2 on, which has its own middleware and one configuration file for it. */
export function laravel ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return lines(
    '<?php',
    '// config/cors.php, the whole file; then: php artisan config:clear. There is nothing to install.',
    '',
    'return [',
    "    'paths' => ['*'],",
    `    'allowed_origins' => [${items(origins, "'")}],`,
    "    'allowed_origins_patterns' => [],",
    `    'allowed_methods' => [${items(methods, "'")}],`,
    `    'allowed_headers' => [${items(allowedHeaders, "'")}],`,
    `    'exposed_headers' => [${items(exposedHeaders, "'")}],`,
    "    'max_age' => 0,",
    `    'supports_credentials' => ${String(credentials)},`,
    '];'
  )
}

/** Rails, with `rack-cors`, which knows origins of http and https only, and methods in lower case. */
export function rails ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return lines(
    "# config/initializers/cors.rb, a new file. Install it: gem 'rack-cors' in the Gemfile, then bundle install",
    "require 'rack/cors'",
    '',
    '# First of all, so that preflights are answered before a login is asked for.',
    'Rails.application.config.middleware.insert_before 0, Rack::Cors do',
    '  allow do',
    `    origins ${origins.map(origin).join(', ')}`,
    "    resource '*',",
    `      methods: [${items(methods.map(method => method.toLowerCase()), "'")}],`,
    exposedHeaders.length > 0 && `      expose: [${items(exposedHeaders, "'")}],`,
    credentials && '      credentials: true,',
    `      headers: [${items(allowedHeaders, "'")}]`,
    '  end',
    'end'
  )
}

function origin (text: string): string {
  return /^https?:/.test(text) ? quote(text, "'") : `->(source, _env) { source == ${quote(text, "'")} }`
}
