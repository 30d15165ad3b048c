require 'logger'
require 'action_controller/railtie'

class Guard
  def initialize(app)
    @app = app
  end

  def call(env)
    return [401, {}, []] if env['PATH_INFO'] == '/private' && env['HTTP_COOKIE'].nil?

    @app.call(env)
  end
end

class ItemsController < ActionController::API
  def items
    headers['X-Total-Count'] = '2'
    render json: []
  end
end

class Application < Rails::Application
  config.root = __dir__
  config.eager_load = false
  config.secret_key_base = 'not a secret'
  config.logger = Logger.new(nil)
  config.middleware.use Guard
  routes.append do
    %w[items private].each { |path| match path, to: 'items#items', via: %i[get put] }
  end
end

Application.initialize!
run Application
